using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Forwarding.Shells;

/// <summary>The features of the response that goes to the client, while something stands in for them.</summary>
internal sealed class ClientResponse(HttpContext http)
{
    private bool _isReplaced;

    public IHttpResponseFeature Head { get; } = http.Features.GetRequiredFeature<IHttpResponseFeature>();

    public IHttpResponseBodyFeature Body { get; } = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();

    public IHttpRequestLifetimeFeature Lifetime { get; } = http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();

    /// <summary>Null before HTTP/2.</summary>
    public IHttpResetFeature? Reset { get; } = http.Features.Get<IHttpResetFeature>();

    /// <summary>Whether the client has gone.</summary>
    public bool IsGone => Lifetime.RequestAborted.IsCancellationRequested;

    /// <summary>Puts something into the place of all of them.</summary>
    public void ReplaceBy(ShellResponse response)
    {
        _isReplaced = true;
        Set(response, response, response, Reset is null ? null : response);
    }

    /// <summary>Puts them back. Returns false if they have been.</summary>
    public bool PutBack()
    {
        if (!_isReplaced)
        {
            return false;
        }

        _isReplaced = false;
        Set(Head, Body, Lifetime, Reset);
        return true;
    }

    private void Set(
        IHttpResponseFeature head, IHttpResponseBodyFeature body, IHttpRequestLifetimeFeature lifetime, IHttpResetFeature? reset)
    {
        http.Features.Set(head);
        http.Features.Set(body);
        http.Features.Set(lifetime);
        if (reset is not null)
        {
            http.Features.Set(reset);
        }
    }
}
