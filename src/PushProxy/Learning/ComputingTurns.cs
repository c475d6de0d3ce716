using System.Runtime.InteropServices;

namespace PushProxy.Learning;

/// <summary>
/// The one thread that computes for learning. The analyses of several pages may be under way, but only one computes at a time. While an
/// analysis waits for a stylesheet, it has nothing to compute, so the thread takes up another one. The next turn is that of the client and
/// the host that have spent least. So learning takes at most one processor and gives way to requests, and nobody's slow origin or expensive
/// page holds up the others.
/// </summary>
internal sealed partial class ComputingTurns : IDisposable
{
    // Of nice(1), where 0 is the usual and 19 the least.
    private const int Niceness = 10;
    private const int OfProcess = 0;

    private readonly Spending _spending;
    private readonly TimeProvider _time;
    private readonly object _lock = new();
    private readonly List<PageTurns> _ready = [];
    private readonly Thread _thread;
    private bool _isStopped;

    public ComputingTurns(Spending spending, TimeProvider time)
    {
        (_spending, _time) = (spending, time);
        _thread = new Thread(Run) { IsBackground = true, Name = "PushProxy learning" };
        _thread.Start();
    }

    /// <summary>Returns the scheduler for the analysis of one page.</summary>
    public TaskScheduler For(Party party) => new PageTurns(this, party);

    public void Dispose()
    {
        lock (_lock)
        {
            _isStopped = true;
            Monitor.Pulse(_lock);
        }

        _thread.Join();
    }

    private void Run()
    {
        // Whoever waits for an answer goes first. .NET gives threads no priorities on Linux. There, this is of the calling thread alone.
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(OfProcess, 0, Niceness);
        }

        while (Next() is var (page, task))
        {
            var start = _time.GetTimestamp();
            page.Execute(task);
            _spending.Charge(page.Party, _time.GetElapsedTime(start));
        }
    }

    private (PageTurns Page, Task Task)? Next()
    {
        lock (_lock)
        {
            while (_ready.Count == 0 && !_isStopped)
            {
                Monitor.Wait(_lock);
            }

            if (_isStopped)
            {
                return null;
            }

            var now = _spending.Now;
            var next = _ready.MinBy(page => _spending.Of(page.Party, now))!;
            var task = next.Waiting.Dequeue();
            _ready.Remove(next);
            if (next.Waiting.Count > 0)
            {
                _ready.Add(next);
            }

            return (next, task);
        }
    }

    private void Add(PageTurns page, Task task)
    {
        lock (_lock)
        {
            page.Waiting.Enqueue(task);
            if (page.Waiting.Count == 1)
            {
                _ready.Add(page);
            }

            Monitor.Pulse(_lock);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);

    /// <summary>
    /// Schedules what the analysis of one page computes. A task that awaits a fetch is not scheduled before the fetch has ended.
    /// </summary>
    private sealed class PageTurns(ComputingTurns turns, Party party) : TaskScheduler
    {
        private bool _isExecuting;

        public Party Party => party;

        /// <summary>What can be computed now. Guarded by the lock of the turns.</summary>
        public Queue<Task> Waiting { get; } = new();

        public override int MaximumConcurrencyLevel => 1;

        public void Execute(Task task)
        {
            _isExecuting = true;
            TryExecuteTask(task);
            _isExecuting = false;
        }

        protected override void QueueTask(Task task) => turns.Add(this, task);

        // A continuation may go on within this page's own turn, on the one thread.
        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
            !taskWasPreviouslyQueued && Thread.CurrentThread == turns._thread && _isExecuting && TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks()
        {
            lock (turns._lock)
            {
                return [.. Waiting];
            }
        }
    }
}
