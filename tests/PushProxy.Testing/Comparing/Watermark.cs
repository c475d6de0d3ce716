namespace PushProxy.Testing.Comparing;

/// <summary>A level that only rises, and that others wait for: how one end of a proxy waits for what the other has seen.</summary>
public sealed class Watermark(string name)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Lock _lock = new();
    private readonly List<(long Level, TaskCompletionSource Reached)> _waiting = [];
    private long _level = -1;
    private bool _ended;

    /// <summary>The level now; -1 before anything has arrived.</summary>
    public long Level
    {
        get
        {
            lock (_lock)
            {
                return _level;
            }
        }
    }

    /// <summary>Says that <paramref name="level"/> bytes of the body have arrived; 0 once the head has.</summary>
    public void Raise(long level)
    {
        lock (_lock)
        {
            _level = Math.Max(_level, level);
            foreach (var (_, reached) in _waiting.Where(w => w.Level <= _level))
            {
                reached.TrySetResult();
            }

            _waiting.RemoveAll(w => w.Level <= _level);
        }
    }

    /// <summary>Says that it will not rise any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            foreach (var (level, reached) in _waiting)
            {
                reached.TrySetException(TooLate(level));
            }

            _waiting.Clear();
        }
    }

    /// <summary>Waits until the level is reached.</summary>
    /// <exception cref="IOException">That end is gone without having reached it.</exception>
    /// <exception cref="TimeoutException">It was not; the message says how far it came.</exception>
    public async Task ReachAsync(long level)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_level >= level)
            {
                return;
            }

            if (_ended)
            {
                throw TooLate(level);
            }

            _waiting.Add((level, reached));
        }

        try
        {
            await reached.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{name} never got to {level}; it is at {_level}. Something between holds bytes back.");
        }
    }

    private IOException TooLate(long level) => new($"{name} ended at {_level}, before {level}.");
}
