using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Cache.Flights;

/// <summary>
/// Stands between what answers a request and its client. It waits for the head. Then the body goes on to the client, or into a body that
/// several read, or nowhere, because what is stored answers instead.
/// </summary>
internal sealed class OriginResponse
    : OriginHead, IHttpResponseBodyFeature, IHttpResetFeature, IHttpCacheFeature, IDisposable
{
    private readonly HttpContext _http;
    private readonly Flight _flight;
    private readonly IHttpResponseBodyFeature _own;
    private readonly OriginLifetime _lifetime;
    private readonly IHttpResetFeature? _reset;
    private readonly OriginStream _stream;
    private PipeWriter? _writer;
    private bool _isForbidden;
    private Task? _leader;

    /// <param name="http">The request that is carried out.</param>
    /// <param name="flight">Those who wait for its answer.</param>
    /// <param name="judge">Decides what the head means.</param>
    public OriginResponse(HttpContext http, Flight flight, Judge judge)
        : base(http, judge)
    {
        (_http, _flight) = (http, flight);
        _own = ClientBody = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _lifetime = new OriginLifetime(
            http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>(),
            () => flight.Waiting > 0 || Decided?.Kind == VerdictKind.Share,
            Break);
        _reset = http.Features.Get<IHttpResetFeature>();
        _stream = new OriginStream(this);
        flight.Left = _lifetime.CancelIfUnwanted;
        http.Features.Set<IHttpResponseBodyFeature>(this);
        http.Features.Set<IHttpRequestLifetimeFeature>(_lifetime);
        http.Features.Set<IHttpCacheFeature>(this);
        if (_reset is not null)
        {
            http.Features.Set<IHttpResetFeature>(this);
        }
    }

    public IHttpResponseBodyFeature ClientBody { get; set; }

    /// <summary>What the head means; null until it has come.</summary>
    public Verdict? Decided { get; private set; }

    /// <summary>Whether the response was broken off by what answers.</summary>
    public bool IsBroken { get; private set; }

    public Stream Stream => _stream;

    public PipeWriter Writer =>
        _writer ??= PipeWriter.Create(new OriginStream(this, isOfWriter: true), new StreamPipeWriterOptions(leaveOpen: true));

    protected override bool IsDecided => Decided is not null;

    public bool TakeHead() => Take().Kind is VerdictKind.Pass or VerdictKind.Share;

    public void DoNotStore() => _isForbidden = true;

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await DecideAsync().ConfigureAwait(false);
        if (Decided!.Kind == VerdictKind.Pass)
        {
            await ClientBody.StartAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task CompleteAsync()
    {
        await DecideAsync().ConfigureAwait(false);
        if (_writer is not null)
        {
            await _writer.CompleteAsync().ConfigureAwait(false);
        }

        if (Decided!.Kind == VerdictKind.Pass)
        {
            await ClientBody.CompleteAsync().ConfigureAwait(false);
        }
    }

    public void DisableBuffering() => ClientBody.DisableBuffering();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(_stream, path, offset, count, cancellationToken);

    void IHttpResetFeature.Reset(int errorCode)
    {
        if (Break())
        {
            _reset!.Reset(errorCode);
        }
    }

    /// <summary>What answers has returned. The head is decided if it is not yet, and a shared body ends.</summary>
    public async Task FinishAsync()
    {
        await DecideAsync().ConfigureAwait(false);
        if (_writer is not null)
        {
            await _writer.CompleteAsync().ConfigureAwait(false);
        }

        if (Decided is { Kind: VerdictKind.Share } shared)
        {
            // YARP clears a response that has broken off if it takes it for not started.
            if (IsBroken || _isForbidden || _http.Response.StatusCode != shared.LeaderStatus
                || (shared.Head!.Status is 204 or 205 && shared.Body!.Length > 0)
                || (shared.Length is { } length && length != shared.Body!.Length))
            {
                IsBroken = true;
                shared.Body!.Fail(new IOException("The origin's response is not complete."));
            }
            else
            {
                shared.Body!.Complete();
            }
        }
    }

    /// <summary>What answers has thrown.</summary>
    public void Failed(Exception error)
    {
        IsBroken = true;
        Decided?.Body?.Fail(error);
    }

    /// <summary>Waits until the client of the request that is carried out has all of a shared body.</summary>
    public Task LeaderAsync() => _leader ?? Task.CompletedTask;

    /// <summary>Gives the request its own features back.</summary>
    public void Detach()
    {
        DetachHead();
        _http.Features.Set(_own);
        _http.Features.Set(_lifetime.Client);
        _http.Features.Set<IHttpCacheFeature>(null);
        if (_reset is not null)
        {
            _http.Features.Set(_reset);
        }
    }

    public void Dispose()
    {
        _flight.Left = null;
        _lifetime.Dispose();
    }

    /// <summary>What was written before comes before.</summary>
    internal ValueTask<FlushResult> FlushWriterAsync(CancellationToken cancellation) =>
        _writer is { UnflushedBytes: > 0 } ? _writer.FlushAsync(cancellation) : default;

    internal async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await DecideAsync().ConfigureAwait(false);
        switch (Decided!.Kind)
        {
            case VerdictKind.Pass:
                await ClientBody.Stream.WriteAsync(bytes, cancellation).ConfigureAwait(false);
                break;
            case VerdictKind.Share:
                var body = Decided.Body!;
                if (body.Length + bytes.Length > Decided.Length)
                {
                    throw new InvalidOperationException("The body is longer than its Content-Length.");
                }

                await body.AppendAsync(bytes, cancellation).ConfigureAwait(false);
                if (body.IsUnwanted)
                {
                    _lifetime.Cancel();
                    throw new OperationCanceledException(
                        "Nobody reads the body, and it is too long to be stored.", _lifetime.RequestAborted);
                }

                break;
        }
    }

    internal async Task FlushAsync(CancellationToken cancellation)
    {
        await DecideAsync().ConfigureAwait(false);
        await (Decided!.Kind == VerdictKind.Pass ? ClientBody.Stream.FlushAsync(cancellation) : Task.CompletedTask).ConfigureAwait(false);
    }

    private ValueTask DecideAsync() => Decided is null ? DecideNowAsync() : default;

    private async ValueTask DecideNowAsync()
    {
        var verdict = await JudgeAsync().ConfigureAwait(false);
        if (Decided is not null)
        {
            // A callback has written to the body.
            return;
        }

        if (verdict.Kind == VerdictKind.Share && (_isForbidden || verdict.Head!.Status != _http.Response.StatusCode))
        {
            verdict = Verdict.Passes(verdict.Reason);
        }

        Decided = verdict;
        if (verdict.Kind != VerdictKind.Share)
        {
            HasBegun = verdict.Kind != VerdictKind.Pass;
            if (verdict.Kind == VerdictKind.Pass)
            {
                // Nobody waits for what is not shared. If the client is gone, neither does the origin.
                _flight.Release();
                verdict.Announce?.Invoke(_http);
            }

            _lifetime.CancelIfUnwanted();
            return;
        }

        var reader = verdict.Body!.Join()!;
        verdict.Announce?.Invoke(_http);
        if (verdict.LeaderHasIt)
        {
            _http.Response.StatusCode = StatusCodes.Status304NotModified;
            _http.Response.ContentLength = null;
        }

        verdict.LeaderStatus = _http.Response.StatusCode;
        _flight.Share(verdict.Head!, verdict.Selection!, verdict.Body, verdict.Length);

        // What answers has to see that the response has started: from now on an error can only break it off.
        if (!_lifetime.Client.RequestAborted.IsCancellationRequested)
        {
            try
            {
                await ClientBody.StartAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The client has gone.
            }
        }

        HasBegun = true;
        if (verdict.LeaderHasIt)
        {
            reader.Dispose();
        }
        else
        {
            _leader = SharedAnswer.CopyAsync(reader, ClientBody, _lifetime.Client, _reset);
        }
    }

    // Returns whether the client notices: what is stored is not broken.
    private bool Break()
    {
        IsBroken = true;
        if (Decided is null)
        {
            _flight.Release();
        }

        Decided?.Body?.Fail(new IOException("The response was broken off."));
        return Decided?.Kind != VerdictKind.UseStale;
    }
}
