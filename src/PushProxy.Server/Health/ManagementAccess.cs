using System.Net;
using PushProxy.Server.Configuration;

namespace PushProxy.Server.Health;

/// <summary>
/// Decides which requests the management listener answers. A browser on a machine that reaches the listener must not be used to read it:
/// neither by a site that lets its own name resolve to the listener's address (DNS rebinding), nor by a request across sites.
/// </summary>
internal sealed class ManagementAccess
{
    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public ManagementAccess(ManagementOptions options)
    {
        _hosts.UnionWith(options.Hosts.Select(NameOf));
        if (options.Listen is { } listen && ListenAddress.TryParse(listen, out var address, out _) && !address.IsUnixPipe)
        {
            _hosts.Add(NameOf(address.Host));
        }
    }

    /// <summary>Answers the request if the listener must not; otherwise returns false.</summary>
    public bool Refuses(HttpContext http, out Task answering)
    {
        var request = http.Request;
        var (status, why) = !IsOurs(request.Host)
            ? (StatusCodes.Status421MisdirectedRequest,
                "The management listener answers to localhost, to addresses, and to the names in PushProxy:Management:Hosts.")
            : IsCrossSite(request)
                ? (StatusCodes.Status403Forbidden, "The management listener does not answer requests that come from other sites.")
                : (0, "");
        answering = status == 0 ? Task.CompletedTask : ManagementPipeline.Text(http, status, why);
        return status != 0;
    }

    // Rebinding needs a name that somebody else's DNS server answers for. An address in Host is none, and browsers resolve localhost
    // themselves (RFC 6761 §6.3). A request without Host does not come from a browser.
    private bool IsOurs(HostString host)
    {
        if (!host.HasValue)
        {
            return true;
        }

        var name = NameOf(host.Host);
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(name, out _)
            || _hosts.Contains(name);
    }

    // Browsers say where a request comes from: Sec-Fetch-Site (Fetch Metadata §2.3) to addresses they trust, loopback among them, and
    // Origin with every request that a script of another origin may read (Fetch §3.2).
    private static bool IsCrossSite(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0 && site is not ["same-origin" or "none"])
        {
            return true;
        }

        return request.Headers.Origin is { Count: > 0 } origin
            && !(origin is [{ } only] && only.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase));
    }

    private static string NameOf(string host) => host.Trim('[', ']').TrimEnd('.');
}
