using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Tests.Forwarding.Shells;

/// <summary>The server's side of one response, as strict as Kestrel's, and what its client has of it.</summary>
internal sealed class ClientSide
    : MemoryStream, IHttpResponseFeature, IHttpResponseBodyFeature, IHttpRequestLifetimeFeature, IHttpResetFeature
{
    private readonly CancellationTokenSource _gone = new();
    private readonly Stack<(Func<object, Task> Callback, object State)> _starting = new();
    private Dictionary<string, string>? _sent;

    public ClientSide() => RequestAborted = _gone.Token;

    /// <summary>Makes the request of which this is the response.</summary>
    public HttpContext Request(
        string target = "/page?x=1", string connection = "1", string userAgent = "Browser", string authority = "site.test")
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseFeature>(this);
        http.Features.Set<IHttpResponseBodyFeature>(this);
        http.Features.Set<IHttpRequestLifetimeFeature>(this);
        http.Features.Set<IHttpResetFeature>(this);
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        (http.Connection.Id, http.Request.Scheme, http.Request.Host) = (connection, "https", new HostString(authority));
        http.Request.Headers.UserAgent = userAgent;
        http.Request.Headers["Sec-Fetch-Dest"] = "document";
        http.Request.Headers["Sec-Fetch-Mode"] = "navigate";
        return http;
    }

    public int StatusCode { get; set; } = 200;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public bool HasStarted => _sent is not null;

    /// <summary>The fields that the client has.</summary>
    public IReadOnlyDictionary<string, string> Sent => _sent ?? [];

    public byte[] Bytes => ToArray();

    public bool IsComplete { get; private set; }

    /// <summary>Whether the client sees that the response is broken off, or has left.</summary>
    public bool IsAborted { get; private set; }

    /// <summary>After how many bytes the client leaves.</summary>
    public int LeavesAfter { get; init; } = int.MaxValue;

    /// <summary>Whether writing to a client that has left throws. Otherwise it does nothing.</summary>
    public bool ThrowsWhenGone { get; init; }

    public CancellationToken RequestAborted { get; set; }

    public Stream Stream => this;

    public PipeWriter Writer => throw new NotSupportedException();

    Stream IHttpResponseFeature.Body
    {
        get => this;
        set => throw new NotSupportedException();
    }

    public void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

    public void OnCompleted(Func<object, Task> callback, object state)
    {
    }

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        while (_starting.TryPop(out var next))
        {
            await next.Callback(next.State);
        }

        _sent ??= Headers.ToDictionary(f => f.Key, f => f.Value.ToString());
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsComplete)
        {
            throw new InvalidOperationException("Writing is not allowed after writer was completed.");
        }

        await StartAsync(cancellationToken);
        if (!IsAborted)
        {
            Write(buffer.Span);
            if (Length > LeavesAfter)
            {
                Abort();
            }
        }
        else if (ThrowsWhenGone)
        {
            throw new IOException("The client has gone.");
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => StartAsync(cancellationToken);

    public void DisableBuffering()
    {
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(this, path, offset, count, cancellationToken);

    public async Task CompleteAsync()
    {
        await StartAsync();
        IsComplete |= !IsAborted;
    }

    public void Abort()
    {
        IsAborted = true;
        _gone.Cancel();
    }

    public void Reset(int errorCode) => Abort();
}
