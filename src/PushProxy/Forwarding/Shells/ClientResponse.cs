using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Forwarding.Shells;

/// <summary>The features of the response that goes to the client, while something stands in for them.</summary>
internal sealed class ClientResponse(HttpContext http)
{
    private bool _isReplaced;

    public IHttpResponseFeature Head { get; } = http.Features.GetRequiredFeature<IHttpResponseFeature>();

    public IHttpResponseBodyFeature Body { get; } = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();

    /// <summary>Null before HTTP/2.</summary>
    public IHttpResetFeature? Reset { get; } = http.Features.Get<IHttpResetFeature>();

    /// <summary>Puts something into the place of all of them.</summary>
    public void ReplaceBy(ShellResponse response)
    {
        _isReplaced = true;
        Set(response, response, Reset is null ? null : response);
    }

    /// <summary>Puts them back.</summary>
    public void PutBack()
    {
        if (_isReplaced)
        {
            _isReplaced = false;
            Set(Head, Body, Reset);
        }
    }

    private void Set(IHttpResponseFeature head, IHttpResponseBodyFeature body, IHttpResetFeature? reset)
    {
        http.Features.Set(head);
        http.Features.Set(body);
        if (reset is not null)
        {
            http.Features.Set(reset);
        }
    }
}
