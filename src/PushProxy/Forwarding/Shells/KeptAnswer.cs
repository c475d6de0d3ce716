using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Cache;

namespace PushProxy.Forwarding.Shells;

/// <summary>
/// The origin's answer to a request that was begun with a wrong shell. It is kept for the client that loads the page again, so that the
/// origin is asked once. Some of its body is held, and the rest waits at the origin.
/// </summary>
internal sealed class KeptAnswer : IDisposable
{
    private readonly TaskCompletionSource<Head?> _head = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _unwanted = new();
    private readonly Pipe _body;
    private readonly ITimer _timer;
    private int _isTaken;
    private volatile bool _isBroken;

    /// <param name="maxBytes">How much of the body is held.</param>
    /// <param name="lifetime">How long it waits for its client.</param>
    /// <param name="time">The clock.</param>
    public KeptAnswer(int maxBytes, TimeSpan lifetime, TimeProvider time)
    {
        _body = new Pipe(new PipeOptions(
            pauseWriterThreshold: maxBytes, resumeWriterThreshold: maxBytes / 2, useSynchronizationContext: false));
        _timer = time.CreateTimer(static kept => ((KeptAnswer)kept!).Expire(), this, lifetime, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when nobody will fetch it, or its client has gone while fetching it.</summary>
    public CancellationToken Unwanted => _unwanted.Token;

    /// <summary>The cookies of the request that it is the answer to.</summary>
    public string Cookies { get; init; } = "";

    /// <summary>Called once, when it is fetched or will not be.</summary>
    public Action? Gone { get; set; }

    /// <summary>The head is as it leaves.</summary>
    public void Begin(int status, IHeaderDictionary headers)
    {
        var fields = new List<KeyValuePair<string, StringValues>>(headers.Count);
        foreach (var field in headers)
        {
            fields.Add(field);
        }

        _head.TrySetResult(new Head(status, fields));
    }

    /// <summary>Takes what comes next of the body. Waits while too much is held.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if ((await _body.Writer.WriteAsync(bytes, cancellation).ConfigureAwait(false)).IsCompleted)
        {
            throw new OperationCanceledException("Nobody fetches the answer.", _unwanted.Token);
        }
    }

    /// <summary>The body has ended.</summary>
    public void Complete() => _body.Writer.Complete();

    /// <summary>The origin has broken off its answer.</summary>
    public void Fail()
    {
        _isBroken = true;
        _head.TrySetResult(null);
        _body.Writer.Complete();
    }

    /// <summary>Takes it. Returns false if it is too late, or somebody has taken it.</summary>
    public bool TryTake()
    {
        if (Interlocked.Exchange(ref _isTaken, 1) != 0)
        {
            return false;
        }

        _timer.Dispose();
        Gone?.Invoke();
        return true;
    }

    /// <summary>Answers a request with it. <see cref="TryTake"/> has returned true.</summary>
    public async Task AnswerAsync(HttpContext http)
    {
        try
        {
            if (await _head.Task.WaitAsync(http.RequestAborted).ConfigureAwait(false) is not { } head)
            {
                http.Abort();
                return;
            }

            // It has been made for one client, and came a while ago.
            http.Features.Get<IHttpCacheFeature>()?.DoNotStore();
            http.Response.StatusCode = head.Status;
            foreach (var (name, value) in head.Fields)
            {
                http.Response.Headers[name] = value;
            }

            await http.Response.StartAsync(http.RequestAborted).ConfigureAwait(false);
            await _body.Reader.CopyToAsync(http.Response.Body, http.RequestAborted).ConfigureAwait(false);
            if (_isBroken)
            {
                // As the origin's answer, it is not complete. What has come of it is the client's.
                await http.Response.Body.FlushAsync(http.RequestAborted).ConfigureAwait(false);
                http.Abort();
            }
        }
        finally
        {
            Release();
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _unwanted.Dispose();
    }

    private void Expire()
    {
        if (Interlocked.Exchange(ref _isTaken, 1) == 0)
        {
            Gone?.Invoke();
            Release();
        }
    }

    private void Release()
    {
        _body.Reader.Complete();
        try
        {
            _unwanted.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The origin's answer has come as a whole, and the request that it was to has ended.
        }
    }

    private sealed record Head(int Status, List<KeyValuePair<string, StringValues>> Fields);
}
