using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace PushProxy.Cache.Flights;

/// <summary>
/// Makes a request that no client waits for, from one of a client: the same address and endpoint, and the fields that may choose a
/// response. Nothing of it says who the client is.
/// </summary>
internal static class BackgroundRequest
{
    /// <summary>What is the client's, or of its connection, or about its own copy.</summary>
    private static readonly HashSet<string> Left = new(StringComparer.OrdinalIgnoreCase)
    {
        "Cookie", "Authorization", "Proxy-Authorization", "If-None-Match", "If-Modified-Since", "Range", "If-Range", "Cache-Control",
        "Pragma", "Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Content-Length", "Referer",
    };

    public static DefaultHttpContext Of(HttpContext client, out BackgroundResponse response)
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseFeature>(response = new BackgroundResponse());
        var (from, to) = (client.Request, http.Request);
        to.Method = HttpMethods.Get;
        to.Protocol = from.Protocol;
        to.Scheme = from.Scheme;
        to.Host = from.Host;
        to.PathBase = from.PathBase;
        to.Path = from.Path;
        to.QueryString = from.QueryString;
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget =
            client.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        foreach (var (name, value) in from.Headers)
        {
            if (!Left.Contains(name) && !name.StartsWith(':'))
            {
                to.Headers[name] = value;
            }
        }

        http.Connection.RemoteIpAddress = client.Connection.RemoteIpAddress;
        http.Connection.LocalIpAddress = client.Connection.LocalIpAddress;
        http.Connection.LocalPort = client.Connection.LocalPort;
        http.SetEndpoint(client.GetEndpoint());
        to.RouteValues = new RouteValueDictionary(from.RouteValues);
        return http;
    }
}
