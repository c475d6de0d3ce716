using Microsoft.AspNetCore.Http;
using PushProxy.Http2.Requests;

namespace PushProxy.Http2;

/// <summary>
/// Server push and 1xx responses of a request. The features are made when they are first asked for; a request that never asks for them
/// costs nothing.
/// </summary>
public static class ServerPushHttpContextExtensions
{
    private const int EarlyHints = 103;

    /// <summary>Server push for this request. Never null: if the request cannot push, the outcome says why.</summary>
    public static IServerPushFeature ServerPush(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<IServerPushFeature>() ?? RequestFeatures.AddTo(context);
    }

    /// <summary>1xx responses for this request. Never null: if the request cannot send them, the outcome says why.</summary>
    public static IInformationalResponseFeature InformationalResponse(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<IInformationalResponseFeature>() ?? RequestFeatures.AddTo(context);
    }

    /// <summary>
    /// Sends 103 Early Hints (RFC 8297) with preload links, at once. Browsers act on the first 103 of a navigation only. Add the links
    /// to the final response, too.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="links">Values of <c>Link</c> (RFC 8288), one field each. Relative targets resolve against the request's URL.</param>
    /// <param name="contentSecurityPolicy">The page's Content-Security-Policy, if it has one: browsers apply it to the preloads.</param>
    public static ValueTask<InformationalOutcome> SendEarlyHintsAsync(
        this HttpContext context, IEnumerable<string> links, string? contentSecurityPolicy = null)
    {
        ArgumentNullException.ThrowIfNull(links);
        var fields = links.Select(link => KeyValuePair.Create("link", link));
        if (contentSecurityPolicy is not null)
        {
            fields = fields.Prepend(KeyValuePair.Create("content-security-policy", contentSecurityPolicy));
        }

        return InformationalResponse(context).SendAsync(EarlyHints, fields);
    }
}
