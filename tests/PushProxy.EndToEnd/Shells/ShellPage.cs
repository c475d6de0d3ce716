using System.Net;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;

namespace PushProxy.EndToEnd.Shells;

/// <summary>
/// A page that always begins alike, with what leads to it. It is a site of its own to the program, because a site whose pages have
/// changed gets no shells for a while.
/// </summary>
public sealed class ShellPage
{
    /// <summary>The text that a reader sees first.</summary>
    public const string FirstText = "What everybody reads first";

    /// <summary>What all answers begin with: the shell. It ends behind a tag. WebKitGTK looks at 512 bytes before it shows any.</summary>
    public static readonly string Beginning =
        "<!doctype html><html><head><meta charset=utf-8><title>right</title><style>body { margin: 1em }</style></head><body>"
        + $"<header><h1>{FirstText}</h1>{string.Concat(Enumerable.Repeat("<p>And something about the site.</p>", 32))}</header>"
        + "<main id=part><p title=x>";

    private readonly ShellSite _site;
    private readonly string _name;
    private readonly string _fields;
    private int _views;

    /// <param name="site">Where it is.</param>
    /// <param name="name">Its folder, and its host with the program.</param>
    /// <param name="fields">Further header fields of its answers, a line each.</param>
    public ShellPage(ShellSite site, string name, string fields = "X-Kind: page")
    {
        (_site, _name, _fields) = (site, name, fields);
        site.Origin.On(
            $"/{name}/start", "200 OK", "Content-Type: text/html",
            $"<!doctype html><title>start</title><p>start</p><form method=post action=form><input name=a value=b></form>");
        site.Origin.On($"/{name}/form", "303 See Other", "Location: page", "");
        site.Origin.On($"/{name}/other", "200 OK", "Content-Type: text/html; charset=utf-8", "<!doctype html><title>other</title><p>other");
    }

    /// <summary>Its path.</summary>
    public string Path => $"/{_name}/page";

    /// <summary>The page as it is when nobody is taught.</summary>
    public string Whole => Beginning + "the rest</p></main></body></html>";

    /// <summary>How often the origin was asked for it.</summary>
    public int Requests => _site.Origin.RequestsFor(Path).Count;

    /// <summary>Where something in its folder is.</summary>
    public Uri At(IProxy proxy, string path) => new(new UriBuilder(proxy.Secure) { Host = HostOf(proxy) }.Uri, $"/{_name}/{path}");

    /// <summary>Replaces what tells the two proxies apart.</summary>
    public string WithoutHost(IProxy proxy, string text) => text
        .Replace($"{HostOf(proxy)}:{proxy.Secure.Port}", "site", StringComparison.Ordinal)
        .Replace(HostOf(proxy), "site", StringComparison.Ordinal);

    /// <summary>Sets how the origin answers from now on.</summary>
    public void Answers(Func<RawRequest, Task> answer) => _site.Origin.On(Path, answer);

    /// <summary>Has the origin answer with a status, the page's fields and further ones, and a body.</summary>
    public void Answers(string status, string fields, string body) => Answers(
        request => request.WriteAsync(RawRequest.Response(status, $"{_fields}\n{fields}".Trim('\n'), body)));

    /// <summary>Asks for the page until its shell is sent.</summary>
    public async Task TeachAsync()
    {
        Answers(request => request.WriteAsync(RawRequest.Response(
            "200 OK", $"Content-Type: text/html; charset=utf-8\n{_fields}", $"{Beginning}{Interlocked.Increment(ref _views)}</p>")));
        using var client = new HttpClient(Http2Client.NewHandler()) { Timeout = TimeSpan.FromSeconds(60) };
        var decision = "";
        await Eventually.TrueAsync(
            async () => (decision = await ViewAsync(client)).Contains("shell=sent", StringComparison.Ordinal),
            () => $"The shell of {Path} is not sent; at last the program said '{decision}'.\n{_site.Proxy.Log}");
    }

    private async Task<string> ViewAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_site.Proxy.Secure, Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = At(_site.Proxy, "").Authority;
        foreach (var (name, value) in new[]
        {
            ("sec-fetch-dest", "document"), ("sec-fetch-mode", "navigate"), ("accept", "text/html"),
            ("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Teacher"),
        })
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request);
        return response.Headers.NonValidated.TryGetValues("PushProxy-Decision", out var values) ? values.ToString() : "";
    }

    // Cookies are kept by host, whatever the port.
    private string HostOf(IProxy proxy) => $"{(proxy == _site.Stock ? "stock" : "ours")}-{_name}.localhost";
}
