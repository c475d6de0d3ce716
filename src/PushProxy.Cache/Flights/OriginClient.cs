using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Cache.Flights;

/// <summary>The client of a request, as the server has given it.</summary>
/// <param name="http">The request, before other features are put in place of these.</param>
internal readonly struct OriginClient(HttpContext http)
{
    public IHttpResponseBodyFeature Body { get; } = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();

    public IHttpRequestLifetimeFeature Lifetime { get; } = http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();

    /// <summary>Resets the client's stream, if it has one.</summary>
    public IHttpResetFeature? Reset { get; } = http.Features.Get<IHttpResetFeature>();

    public bool IsGone => Lifetime.RequestAborted.IsCancellationRequested;

    /// <summary>Begins the response, unless the client has gone.</summary>
    public async ValueTask StartAsync(IHttpResponseBodyFeature body)
    {
        if (IsGone)
        {
            return;
        }

        try
        {
            await body.StartAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // It has gone now.
        }
    }

    /// <summary>Sends it a body that others read, too.</summary>
    /// <param name="reader">The body.</param>
    /// <param name="isSoon">Whether the first bytes come at once.</param>
    /// <param name="body">Where it goes, if that is not simply the client.</param>
    public Task CopyAsync(SharedBody.Reader reader, bool isSoon, IHttpResponseBodyFeature? body = null) =>
        SharedAnswer.CopyAsync(reader, isSoon, body ?? Body, Lifetime, Reset);

    /// <summary>Gives the request its own features back.</summary>
    public void GiveBackTo(HttpContext http)
    {
        http.Features.Set(Body);
        http.Features.Set(Lifetime);
        if (Reset is not null)
        {
            http.Features.Set(Reset);
        }
    }
}
