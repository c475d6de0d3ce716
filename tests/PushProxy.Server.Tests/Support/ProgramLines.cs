using System.Diagnostics;

namespace PushProxy.Server.Tests.Support;

/// <summary>What a running program has printed so far; a test can wait for a line.</summary>
internal sealed class ProgramLines
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<Waiter> _waiters = [];

    public string Text
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public void Receive(object sender, DataReceivedEventArgs received)
    {
        if (received.Data is { } line)
        {
            lock (_lock)
            {
                _lines.Add(line);
                _waiters.RemoveAll(waiter => waiter.Accepts(line));
            }
        }
    }

    /// <summary>The nth line that contains a text, as soon as it is there.</summary>
    public async Task<string> WaitForAsync(string text, int nth = 1)
    {
        var waiter = new Waiter(text, nth);
        lock (_lock)
        {
            if (!_lines.Exists(waiter.Accepts))
            {
                _waiters.Add(waiter);
            }
        }

        try
        {
            return await waiter.Line.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The program did not print '{text}' {nth} times, but:\n{Text}");
        }
    }

    private sealed class Waiter(string text, int left)
    {
        private readonly TaskCompletionSource<string> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = left;

        public Task<string> Line => _found.Task;

        public bool Accepts(string line) =>
            line.Contains(text, StringComparison.Ordinal) && --_left == 0 && _found.TrySetResult(line);
    }
}
