using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Model;

/// <summary>
/// Which page a request is for: the route that serves it, the authority, and the path as the client wrote it.
/// The query string is no part of it; whether that matters is learned.
/// </summary>
internal sealed record PageKey(string Route, string Authority, string Path)
{
    /// <summary>A rough count of the memory a key takes, in bytes.</summary>
    public long Size => 96 + (2L * (Route.Length + Authority.Length + Path.Length));

    /// <summary>Splits the request's target; false when it is in another form than origin-form (RFC 9112 §3.2).</summary>
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
