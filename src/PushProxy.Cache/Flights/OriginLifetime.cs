using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Cache.Flights;

/// <summary>
/// How long the origin is asked: while somebody can use its answer, a client that waits, or the store. The client of the request may have
/// gone long before.
/// </summary>
internal sealed class OriginLifetime : IHttpRequestLifetimeFeature, IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private readonly IHttpRequestLifetimeFeature _client;
    private readonly Func<bool> _isWanted;
    private readonly Func<bool> _breaks;
    private readonly CancellationTokenSource _aborted = new();
    private readonly CancellationTokenRegistration _registration;

    /// <param name="client">The client's own.</param>
    /// <param name="isWanted">Whether somebody else can use the answer.</param>
    /// <param name="breaks">Called when what answers breaks off. Returns whether the client notices.</param>
    public OriginLifetime(IHttpRequestLifetimeFeature client, Func<bool> isWanted, Func<bool> breaks)
    {
        (_client, _isWanted, _breaks) = (client, isWanted, breaks);
        _registration = client.RequestAborted.UnsafeRegister(static self => ((OriginLifetime)self!).CancelIfUnwanted(), this);
    }

    public CancellationToken RequestAborted
    {
        get => _aborted.Token;
        set => _client.RequestAborted = value;
    }

    public void Abort()
    {
        if (_breaks())
        {
            _client.Abort();
        }
    }

    /// <summary>Ends the request if its client has gone and nobody else wants the answer.</summary>
    public void CancelIfUnwanted()
    {
        if (_client.RequestAborted.IsCancellationRequested && !_isWanted())
        {
            Cancel();
        }
    }

    /// <summary>
    /// Ends the request in a moment. Who needs its body no more waits no longer, but a short one that comes at once leaves the connection
    /// to the origin whole.
    /// </summary>
    public void CancelSoon()
    {
        try
        {
            _aborted.CancelAfter(Moment);
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>Ends the request.</summary>
    public void Cancel()
    {
        try
        {
            _aborted.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    public void Dispose()
    {
        _registration.Dispose();
        _aborted.Dispose();
    }
}
