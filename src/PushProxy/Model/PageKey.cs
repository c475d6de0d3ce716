using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Model;

/// <summary>
/// Identifies the page that a request is for: the route that serves it, the authority, and the path as the client wrote it. The query
/// string is not part of it. Learning finds out whether the query string matters.
/// </summary>
internal sealed record PageKey(string Route, string Authority, string Path)
{
    /// <summary>The estimated memory of the key, in bytes.</summary>
    public long Size => 96 + (2L * (Route.Length + Authority.Length + Path.Length));

    /// <summary>
    /// Splits the request's target into key and query. Returns false if the target is not in origin-form (RFC 9112 §3.2).
    /// </summary>
    public static bool TryCreate(string route, HttpContext context, [NotNullWhen(true)] out PageKey? key, out string query)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        key = null;
        query = "";
        if (target.Length == 0 || target[0] != '/' || !context.Request.Host.HasValue)
        {
            return false;
        }

        var mark = target.IndexOf('?', StringComparison.Ordinal);
        query = mark < 0 ? "" : target[mark..];
        key = new PageKey(route, context.Request.Host.Value, mark < 0 ? target : target[..mark]);
        return true;
    }
}
