using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;

namespace PushProxy.Forwarding.Shells;

/// <summary>
/// The lifetime of a request whose page may begin with a shell, as what forwards it sees it. If the shell is wrong, the browser gives the
/// request up when it loads the page again, and the origin's answer is wanted all the same.
/// </summary>
internal sealed class ShellLifetime : IHttpRequestLifetimeFeature, IDisposable
{
    private readonly HttpContext _http;
    private readonly IHttpRequestLifetimeFeature _client;
    private readonly CancellationToken _clientGone;
    private readonly CancellationTokenSource _cancelled = new();
    private readonly CancellationTokenRegistration _registration;
    private volatile bool _isKept;

    private ShellLifetime(HttpContext http, IHttpRequestLifetimeFeature client)
    {
        (_http, _client, _clientGone, RequestAborted) = (http, client, client.RequestAborted, _cancelled.Token);
        _registration = _clientGone.UnsafeRegister(static lifetime => ((ShellLifetime)lifetime!).ClientGone(), this);
    }

    public CancellationToken RequestAborted { get; set; }

    /// <summary>Whether the time that the route allows is over.</summary>
    public bool HasTimedOut =>
        _http.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested == true;

    /// <summary>Whether the client has gone.</summary>
    public bool IsClientGone => _clientGone.IsCancellationRequested && !HasTimedOut;

    /// <summary>Called instead of aborting the client's request; null: that is aborted.</summary>
    public Action? Aborted { get; set; }

    /// <summary>Puts it into a request that is about to be forwarded.</summary>
    public static ShellLifetime Place(HttpContext http)
    {
        var lifetime = new ShellLifetime(http, http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>());
        http.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        return lifetime;
    }

    /// <summary>Returns the one of a request; null if it has none.</summary>
    public static ShellLifetime? Of(HttpContext http) => http.Features.Get<IHttpRequestLifetimeFeature>() as ShellLifetime;

    /// <summary>From now on the client may go.</summary>
    public void Keep() => _isKept = true;

    /// <summary>Nobody wants the answer any more.</summary>
    public void Cancel()
    {
        try
        {
            _cancelled.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Forwarding has ended.
        }
    }

    public void Abort()
    {
        if (Aborted is { } aborted)
        {
            aborted();
        }
        else
        {
            AbortClient();
        }
    }

    /// <summary>Aborts the client's request.</summary>
    public void AbortClient() => _client.Abort();

    /// <summary>Gives the request its own lifetime back.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        _http.Features.Set(_client);
        _cancelled.Dispose();
    }

    private void ClientGone()
    {
        if (!_isKept)
        {
            Cancel();
        }
    }
}
