using System.Net;

namespace PushProxy.Server.Inspection;

/// <summary>
/// The HTTP proxy that the environment names (<c>http_proxy</c>, <c>https_proxy</c>, <c>no_proxy</c>), for all sites but those whose
/// address the user has named: a proxy would ask for them elsewhere.
/// </summary>
/// <param name="access">How sites are reached.</param>
internal sealed class SiteProxy(SiteAccess access) : IWebProxy
{
    private readonly IWebProxy _environment = HttpClient.DefaultProxy;

    public ICredentials? Credentials
    {
        get => _environment.Credentials;
        set => _environment.Credentials = value;
    }

    public Uri? GetProxy(Uri destination)
    {
        if (access.AddressOf(destination) is not null || _environment.GetProxy(destination) is not { } proxy)
        {
            return null;
        }

        // Its name and password are in the credentials. In its URL, they would stand in error messages.
        return proxy.UserInfo.Length == 0 ? proxy : new UriBuilder(proxy) { UserName = "", Password = "" }.Uri;
    }

    public bool IsBypassed(Uri host) => access.AddressOf(host) is not null || _environment.IsBypassed(host);
}
