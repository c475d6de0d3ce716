using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using PushProxy.Cache.Diagnostics;
using PushProxy.Cache.Encodings;
using PushProxy.Cache.Store;

namespace PushProxy.Cache.Flights;

/// <summary>
/// The one thread that makes the smallest forms of stored bodies, once a version. It gives way to requests. If it has more to do than it
/// can remember, a body is sent as the quick encoding makes it until it is asked for again.
/// </summary>
internal sealed partial class EncodingWorker : IDisposable
{
    private const int MaxQueued = 256;

    /// <summary>
    /// The most bytes of bodies that wait, or of one body that is longer. What the store has let go of meanwhile stays until its turn.
    /// </summary>
    private const long MaxQueuedBytes = 32 * 1024 * 1024;

    // Of nice(1), where 0 is the usual and 19 the least.
    private const int Niceness = 15;
    private const int OfProcess = 0;

    private readonly BlockingCollection<(string Key, StoredResponse Response)> _queue = new(MaxQueued);
    private readonly ResponseStore _store;
    private readonly BestForms _forms;
    private readonly HttpCacheMetrics _metrics;
    private readonly ILogger<EncodingWorker> _logger;
    private readonly Thread _thread;
    private int _open;
    private long _queuedBytes;

    public EncodingWorker(ResponseStore store, BestForms forms, HttpCacheMetrics metrics, ILogger<EncodingWorker> logger)
    {
        (_store, _forms, _metrics, _logger) = (store, forms, metrics, logger);
        _thread = new Thread(Run) { IsBackground = true, Name = "PushProxy encoding" };
        _thread.Start();
    }

    /// <summary>Whether nothing waits and nothing is being made.</summary>
    public bool IsIdle => Volatile.Read(ref _open) == 0;

    /// <summary>Makes the forms of a stored response soon.</summary>
    public void Add(string key, StoredResponse response)
    {
        if (response.LacksForms && response.TryClaim())
        {
            try
            {
                Interlocked.Increment(ref _open);
                var queued = Interlocked.Add(ref _queuedBytes, response.Body.Length);
                if ((queued <= MaxQueuedBytes || queued == response.Body.Length) && _queue.TryAdd((key, response)))
                {
                    return;
                }
            }
            catch (InvalidOperationException)
            {
                // It ends.
            }

            Interlocked.Decrement(ref _open);
            Interlocked.Add(ref _queuedBytes, -response.Body.Length);
            response.Disclaim();
        }
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join();
        _queue.Dispose();
    }

    private void Run()
    {
        // .NET gives threads no priorities on Linux. There, this is of the calling thread alone.
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(OfProcess, 0, Niceness);
        }

        foreach (var (key, response) in _queue.GetConsumingEnumerable())
        {
            if (_queue.IsAddingCompleted)
            {
                return;
            }

            try
            {
                if (_store.Knows(key, response))
                {
                    _store.Encoded(key, response, _forms.Make(response.Body));
                }
            }
            catch (Exception e)
            {
                _metrics.Error();
                LogFailed(e, key);
            }
            finally
            {
                Interlocked.Decrement(ref _open);
                Interlocked.Add(ref _queuedBytes, -response.Body.Length);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);

    [LoggerMessage(1, LogLevel.Error, "Encoding what is stored as {Key} failed; it leaves as it is")]
    private partial void LogFailed(Exception exception, string key);
}
