using System.Buffers;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using PushProxy.Server.Configuration;

namespace PushProxy.Server.AccessLog;

/// <summary>
/// Writes the access log on a thread of its own, because a disk or a pipe may be slow. Requests never wait: what it can't keep up with, or
/// can't write, is counted, and the log of the program says so.
/// </summary>
internal sealed partial class AccessLogWriter(
    AccessLogOptions options, AccessLogMetrics metrics, TimeProvider time, ILogger<AccessLogWriter> logger) : IHostedService, IDisposable
{
    /// <summary>The most memory for records that wait.</summary>
    public const long MaxWaitingBytes = 16 * 1024 * 1024;

    /// <summary>What is written at once, if so much waits.</summary>
    private const int BatchBytes = 64 * 1024;

    private static readonly TimeSpan s_warnEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    // Bounded by the bytes in it. Null only wakes the thread.
    private readonly Channel<AccessRecord?> _waiting =
        Channel.CreateUnbounded<AccessRecord?>(new UnboundedChannelOptions { SingleReader = true });

    private readonly AccessLogTarget _target = new(options.File);
    private readonly ArrayBufferWriter<byte> _lines = new(2 * BatchBytes);
    private readonly Lock _warning = new();
    private PosixSignalRegistration? _signal;
    private Thread? _thread;
    private long _waitingBytes;
    private long _lost;
    private long? _warnedAt;
    private volatile bool _reopen;

    private string Name => options.File is { } file ? $"'{file}'" : "on standard output";

    /// <summary>Hands a record over to be written.</summary>
    public void Add(AccessRecord record)
    {
        if (Interlocked.Add(ref _waitingBytes, record.Size) > MaxWaitingBytes || !_waiting.Writer.TryWrite(record))
        {
            Interlocked.Add(ref _waitingBytes, -record.Size);
            Lost(1, null);
        }
    }

    /// <exception cref="InvalidOperationException">The file can't be opened.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _target.Open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The access log can't be opened: {e.Message}", e);
        }

        if (!OperatingSystem.IsWindows())
        {
            _signal = PosixSignalRegistration.Create(UserSignal.One, signal =>
            {
                signal.Cancel = true;
                _reopen = true;
                _waiting.Writer.TryWrite(null);
            });
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "Access log" };
        _thread.Start();
        return Task.CompletedTask;
    }

    /// <summary>Writes what waits. Who reads the log may have stopped reading, so this has an end.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _signal?.Dispose();
        _waiting.Writer.TryComplete();
        return Task.Run(() =>
        {
            if (_thread?.Join(s_patience) == false)
            {
                LogUnfinished(Name);
            }
        }, CancellationToken.None);
    }

    public void Dispose() => _signal?.Dispose();

    private void Run()
    {
        var reader = _waiting.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            var count = 0;
            while (_lines.WrittenCount < BatchBytes && reader.TryRead(out var record))
            {
                if (record is not null)
                {
                    Format(record);
                    Interlocked.Add(ref _waitingBytes, -record.Size);
                    count++;
                }
            }

            Write(count);
            _lines.ResetWrittenCount();
        }

        _target.Dispose();
    }

    private void Format(AccessRecord record)
    {
        if (options.Format == AccessLogFormat.Json)
        {
            JsonLine.Write(record, options.Query, _lines);
        }
        else
        {
            CombinedLine.Write(record, options.Query, _lines);
        }
    }

    private void Write(int count)
    {
        try
        {
            if (_reopen)
            {
                // Also without a line: who rotates logs waits for the new file.
                _reopen = false;
                _target.Open();
            }

            if (count > 0)
            {
                _target.Write(_lines.WrittenSpan);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever it is: nobody else would catch it, and it would end the program.
            Lost(count, e);
        }
    }

    private void Lost(int lines, Exception? failure)
    {
        metrics.Dropped(lines, isBehind: failure is null);
        lock (_warning)
        {
            _lost += lines;
            if (_warnedAt is { } before && time.GetElapsedTime(before) < s_warnEvery)
            {
                return;
            }

            _warnedAt = time.GetTimestamp();
            if (failure is null)
            {
                LogBehind(Name, _lost);
            }
            else
            {
                LogFailed(Name, failure.Message, _lost);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The access log {Name} is written too slowly: {Lines} lines are lost so far, and more may follow")]
    private partial void LogBehind(string name, long lines);

    [LoggerMessage(
        2, LogLevel.Warning, "The access log {Name} can't be written: {Reason} {Lines} lines are lost so far, and more may follow")]
    private partial void LogFailed(string name, string reason, long lines);

    [LoggerMessage(3, LogLevel.Warning, "The access log {Name} takes nothing: what was waiting to be written is lost")]
    private partial void LogUnfinished(string name);
}
