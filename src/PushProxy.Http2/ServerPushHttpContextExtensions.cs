using Microsoft.AspNetCore.Http;
using PushProxy.Http2.Requests;

namespace PushProxy.Http2;

/// <summary>The way from a request to its features. They are made when first asked for; a request that does not ask costs nothing.</summary>
public static class ServerPushHttpContextExtensions
{
    private const int EarlyHints = 103;

    /// <summary>Server push for this request. Never null: where there is none, the outcome says so.</summary>
    public static IServerPushFeature ServerPush(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<IServerPushFeature>() ?? RequestFeatures.AddTo(context);
    }

    /// <summary>1xx responses for this request. Never null: where there are none, the outcome says so.</summary>
    public static IInformationalResponseFeature InformationalResponse(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<IInformationalResponseFeature>() ?? RequestFeatures.AddTo(context);
    }

    /// <summary>
    /// Sends 103 Early Hints (RFC 8297) with preload links, at once. Browsers act on the first 103 of a navigation only, and
    /// the links belong on the final response too: add them there.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="links">Values of Link (RFC 8288), one field each; targets resolve against the request's URL.</param>
    /// <param name="contentSecurityPolicy">The page's policy, if it has one: it applies to what is preloaded too.</param>
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
