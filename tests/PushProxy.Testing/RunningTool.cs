using System.Diagnostics;
using System.Text;

namespace PushProxy.Testing;

/// <summary>A program from outside this project whose output is read while it runs, so that a test can act on what it has seen.</summary>
public sealed class RunningTool : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Lock _lock = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Process _process;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _openStreams = 2;

    private RunningTool(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => OnLine(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => OnLine(_error, line.Data);
        _process.Start();
        ChildProcesses.KillAtExit(_process);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has printed so far.</summary>
    public string Output => Text(_output);

    /// <summary>What it has printed to standard error so far.</summary>
    public string Error => Text(_error);

    /// <summary>Its process, by number.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts it.</summary>
    /// <exception cref="InvalidOperationException">It is not installed; the message names the script that installs it.</exception>
    public static RunningTool Start(string name, params IEnumerable<string> arguments)
    {
        var tool = StartTalking(name, arguments);
        tool._process.StandardInput.Close();
        return tool;
    }

    /// <summary>Starts one that is told what to do while it runs (<see cref="SayAsync"/>).</summary>
    /// <exception cref="InvalidOperationException">It is not installed; the message names the script that installs it.</exception>
    public static RunningTool StartTalking(string name, params IEnumerable<string> arguments) =>
        new(new ProcessStartInfo(ExternalTool.Require(name), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        });

    /// <summary>Writes a line to its standard input.</summary>
    public async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until what it has printed fulfils a condition, which is asked after each line.</summary>
    /// <param name="condition">Looks at <see cref="Output"/> or <see cref="Error"/>.</param>
    /// <param name="what">What is waited for; for the message.</param>
    /// <exception cref="TimeoutException">It ended, or time ran out, before; the message has all it printed.</exception>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            Task news;
            bool ended;
            lock (_lock)
            {
                (news, ended) = (_news.Task, _openStreams == 0);
            }

            if (condition())
            {
                return;
            }

            try
            {
                await (ended ? Task.FromCanceled(new CancellationToken(true)) : news.WaitAsync(limit.Token));
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{_process.StartInfo.FileName} never showed {what}. It printed:\n{Output}\n{Error}");
            }
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <exception cref="TimeoutException">It did not end in time and was killed; the message has all it printed.</exception>
    public async Task<ToolResult> EndAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{_process.StartInfo.FileName} did not end. It printed:\n{Output}\n{Error}");
        }

        return new ToolResult(_process.ExitCode, Output, Error);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private string Text(StringBuilder text)
    {
        lock (_lock)
        {
            return text.ToString();
        }
    }

    private void OnLine(StringBuilder text, string? line)
    {
        TaskCompletionSource seen;
        lock (_lock)
        {
            if (line is null)
            {
                _openStreams--;
            }
            else
            {
                text.Append(line).Append('\n');
            }

            seen = _news;
            _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        seen.SetResult();
    }
}
