using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Cache.Rules;

namespace PushProxy.Cache.Flights;

/// <summary>
/// Stands between what answers a request and its client. It waits for the head. Then the body goes on to the client, or into a body that
/// several read, or nowhere, because what is stored answers instead.
/// </summary>
internal sealed class OriginResponse
    : OriginHead, IHttpResponseBodyFeature, IHttpResetFeature, IHttpCacheFeature, IDisposable
{
    /// <summary>How much of a body that nobody needs is taken.</summary>
    private const int MaxDropped = 64 * 1024;

    private readonly HttpContext _http;
    private readonly Flight _flight;
    private readonly OriginClient _client;
    private readonly OriginLifetime _lifetime;
    private readonly Func<Verdict, long?, NotStoredReason> _open;
    private readonly OriginStream _stream;
    private PipeWriter? _writer;
    private bool _isForbidden;
    private long _dropped;
    private Task? _leader;

    /// <param name="http">The request that is carried out.</param>
    /// <param name="flight">Those who wait for its answer.</param>
    /// <param name="judge">Decides what the head means.</param>
    /// <param name="open">Makes the body of a response that is shared, of the length that it states. Returns why that can't be.</param>
    /// <param name="time">The clock.</param>
    /// <param name="unreadTimeout"><see cref="HttpCacheOptions.UnreadTimeout"/>.</param>
    public OriginResponse(
        HttpContext http, Flight flight, Judge judge, Func<Verdict, long?, NotStoredReason> open, TimeProvider time, TimeSpan unreadTimeout)
        : base(http, judge)
    {
        (_http, _flight, _client, _open) = (http, flight, new OriginClient(http), open);
        ClientBody = _client.Body;
        _lifetime = new OriginLifetime(_client.Lifetime, flight, () => Decided, Break, time, unreadTimeout);
        _stream = new OriginStream(this);
        flight.Left = _lifetime.EndIfUnwanted;
        http.Features.Set<IHttpResponseBodyFeature>(this);
        http.Features.Set<IHttpRequestLifetimeFeature>(_lifetime);
        http.Features.Set<IHttpCacheFeature>(this);
        if (_client.Reset is not null)
        {
            http.Features.Set<IHttpResetFeature>(this);
        }
    }

    public IHttpResponseBodyFeature ClientBody { get; set; }

    /// <summary>What the head means; null until it has come.</summary>
    public Verdict? Decided { get; private set; }

    /// <summary>What the head means, as far as is known: it may have been taken, and not have begun.</summary>
    public Verdict? Means => Decided ?? Taken;

    /// <summary>Whether the client has gone. What answers may have been told to end for another reason.</summary>
    public bool IsClientGone => _client.IsGone;

    /// <summary>Whether the response was broken off by what answers.</summary>
    public bool IsBroken { get; private set; }

    public Stream Stream => _stream;

    public PipeWriter Writer =>
        _writer ??= PipeWriter.Create(new OriginStream(this, isOfWriter: true), new StreamPipeWriterOptions(leaveOpen: true));

    protected override bool IsDecided => Decided is not null;

    public bool TakeHead()
    {
        var verdict = Take();
        if (!IsAwaited)
        {
            TellOthers(verdict);
        }

        return verdict.Kind is VerdictKind.Pass or VerdictKind.Share;
    }

    public void DoNotStore() => _isForbidden = true;

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await DecideAsync(isSoon: false).ConfigureAwait(false);
        if (Decided!.Kind == VerdictKind.Pass)
        {
            await ClientBody.StartAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task CompleteAsync()
    {
        await FinishAsync().ConfigureAwait(false);
        await LeaderAsync().ConfigureAwait(false);
        if (Decided!.Kind == VerdictKind.Pass || (Decided.Kind == VerdictKind.Share && !IsBroken))
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
            _client.Reset!.Reset(errorCode);
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
        _client.GiveBackTo(_http);
        _http.Features.Set<IHttpCacheFeature>(null);
    }

    public void Dispose()
    {
        _flight.Left = null;
        Decided?.Body?.Close();
        _lifetime.Dispose();
    }

    /// <summary>What was written before comes before.</summary>
    internal ValueTask<FlushResult> FlushWriterAsync(CancellationToken cancellation) =>
        _writer is { UnflushedBytes: > 0 } ? _writer.FlushAsync(cancellation) : default;

    internal async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await DecideAsync(isSoon: !bytes.IsEmpty).ConfigureAwait(false);
        switch (Decided!.Kind)
        {
            case VerdictKind.Pass:
                await ClientBody.Stream.WriteAsync(bytes, cancellation).ConfigureAwait(false);
                break;
            case VerdictKind.Share:
                var body = Decided.Body!;
                await body.AppendAsync(bytes, cancellation).ConfigureAwait(false);
                if (body.IsUnwanted)
                {
                    _lifetime.Cancel();
                    throw new OperationCanceledException(
                        "Nobody reads the body, and it is too long to be stored.", _lifetime.RequestAborted);
                }

                break;
            case VerdictKind.UseStale when (_dropped += bytes.Length) > MaxDropped:
                _lifetime.Cancel();
                throw new OperationCanceledException("Nobody needs the body of the error.", _lifetime.RequestAborted);
        }
    }

    internal async Task FlushAsync(CancellationToken cancellation)
    {
        await DecideAsync(isSoon: false).ConfigureAwait(false);
        await (Decided!.Kind == VerdictKind.Pass ? ClientBody.Stream.FlushAsync(cancellation) : Task.CompletedTask).ConfigureAwait(false);
    }

    // What is known from the head on need not wait for the body.
    private void TellOthers(Verdict verdict)
    {
        if (verdict.Kind == VerdictKind.Pass)
        {
            _flight.Release();
        }
        else if (verdict.Stale is { } stale)
        {
            _flight.Share(stale);
            _lifetime.CancelSoon();
        }
    }

    private ValueTask DecideAsync(bool isSoon = true) => Decided is null ? DecideNowAsync(isSoon) : default;

    /// <param name="isSoon">Whether the body follows at once, so that the head can leave with it.</param>
    private async ValueTask DecideNowAsync(bool isSoon)
    {
        var verdict = await JudgeAsync().ConfigureAwait(false);
        if (Decided is not null)
        {
            // A callback has written to the body.
            return;
        }

        if (verdict.Kind == VerdictKind.Share)
        {
            var reason = _isForbidden || verdict.Head!.Status != _http.Response.StatusCode ? NotStoredReason.Incomplete
                : _open(verdict, _http.Response.ContentLength);
            verdict = reason == NotStoredReason.None ? verdict : verdict.Passing(reason);
        }

        Decided = verdict;
        if (verdict.Kind != VerdictKind.Share)
        {
            HasBegun = verdict.Kind != VerdictKind.Pass;
            if (verdict.Kind == VerdictKind.Pass)
            {
                verdict.Announce?.Invoke(_http, verdict.Reason);
            }

            // Nobody waits for what is not shared. If the client is gone, neither does the origin.
            TellOthers(verdict);
            _lifetime.EndIfUnwanted();
            return;
        }

        var reader = verdict.Body!.Join()!;
        verdict.Announce?.Invoke(_http, verdict.Reason);
        if (verdict.LeaderHasIt)
        {
            _http.Response.StatusCode = StatusCodes.Status304NotModified;
            _http.Response.ContentLength = null;
        }

        _flight.Share(verdict.Head!, verdict.Selection!, verdict.Body, verdict.Length);

        // What answers has to see that the response has started: from now on an error can only break it off.
        try
        {
            await _client.StartAsync(ClientBody).ConfigureAwait(false);
        }
        catch
        {
            reader.Dispose();
            throw;
        }

        verdict.LeaderStatus = _http.Response.StatusCode;
        HasBegun = true;
        if (verdict.LeaderHasIt)
        {
            reader.Dispose();
        }
        else
        {
            _leader = _client.CopyAsync(reader, isSoon, ClientBody);
        }

        _lifetime.EndIfUnwanted();
    }

    // Returns whether the client notices: what is stored is not broken, nor is what he has.
    private bool Break()
    {
        IsBroken = true;
        if (Decided is null)
        {
            _flight.Release();
        }

        Decided?.Body?.Fail(new IOException("The response was broken off."));
        return Means is not ({ Kind: VerdictKind.UseStale } or { LeaderHasIt: true });
    }
}
