using PushProxy.Testing.Clients;

namespace PushProxy.EndToEnd.ClientCache;

/// <summary>
/// A page of a <see cref="CacheSite"/> that names resources, each with a version and a lifetime; and clients that view it.
/// </summary>
internal sealed class CachedPage
{
    /// <summary>What makes a request a navigation.</summary>
    public const string AsPage = "accept: text/html,*/*;q=0.8";

    /// <summary>May be kept for ten minutes.</summary>
    public const string TenMinutes = "Cache-Control: max-age=600";

    private readonly CacheSite _site;

    private CachedPage(CacheSite site, string path, IReadOnlyList<string> resources) => (_site, Path, Resources) = (site, path, resources);

    /// <summary>Its path, which ends with a slash.</summary>
    public string Path { get; }

    /// <summary>The paths of what it names, in the order of delivery.</summary>
    public IReadOnlyList<string> Resources { get; }

    /// <summary>The content of each of them, in bytes.</summary>
    public const int ResourceBytes = 2000;

    /// <summary>Sets a page with five resources in their first version, has it learned, and has another client see all of them.</summary>
    /// <param name="site">Where.</param>
    /// <param name="path">Its path, with a slash at the end.</param>
    /// <param name="headers">Header fields of the page's response.</param>
    public static Task<CachedPage> MakeAsync(CacheSite site, string path, string headers = "X-Kind: page") =>
        MakeAsync(site, path, ["a.css", "b.css", "c.css", "d.js", "e.js"], headers);

    /// <summary>The same with resources by their names.</summary>
    public static async Task<CachedPage> MakeAsync(CacheSite site, string path, string[] names, string headers = "X-Kind: page")
    {
        var page = new CachedPage(site, path, [.. names.Select(n => path + n)]);
        foreach (var resource in page.Resources)
        {
            page.Set(resource, "1");
        }

        site.Origin.Page(path, "<link rel=icon href=data:,>" + Early.EarlySite.Elements(page.Resources), headers);
        await site.LearnAsync(path);
        await page.ShowOthersAsync();
        return page;
    }

    /// <summary>Sets a resource's version.</summary>
    /// <param name="resource">Its path.</param>
    /// <param name="version">Its ETag.</param>
    /// <param name="lifetime">The header fields that say how long it may be kept.</param>
    public void Set(string resource, string version, string lifetime = TenMinutes) =>
        SetFields(resource, $"ETag: \"{version}\"\n{lifetime}", version);

    /// <summary>Sets a resource with these header fields alone; asked for with its ETag or date, the answer is 304.</summary>
    public void SetFields(string resource, string fields, string version = "1") => _site.Origin.On(resource, async request =>
    {
        var isKnown = request.Head.Value("If-None-Match") is { } tag ? fields.Contains("ETag: " + tag, StringComparison.Ordinal)
            : request.Head.Value("If-Modified-Since") is { } date && fields.Contains("Last-Modified: " + date, StringComparison.Ordinal);
        var type = resource.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript" : "text/css";
        await request.WriteAsync(isKnown
            ? $"HTTP/1.1 304 Not Modified\r\n{fields.ReplaceLineEndings("\r\n")}\r\n\r\n"
            : Testing.Origins.RawRequest.Response("200 OK", $"Content-Type: {type}\n{fields}", $"/* {version} */".PadRight(ResourceBytes)));
    });

    /// <summary>
    /// Another client, that has nothing and keeps nothing, asks for all of them: so the proxy learns which versions there are.
    /// </summary>
    public async Task ShowOthersAsync()
    {
        foreach (var resource in Resources)
        {
            await _site.GetAsync(resource);
        }
    }

    /// <summary>
    /// Views the page as a browser without a cache: what was not pushed is asked for. Waits until it is noted what the client has now.
    /// </summary>
    /// <param name="client">Its connection.</param>
    /// <param name="fields">More header fields of the navigation.</param>
    public async Task<NodeAnswer> ViewAsync(NodeConnection client, params string[] fields)
    {
        var before = Resources.ToDictionary(
            r => r, r => (Pushed: _site.CountKnown(r, "PushedOnConnection"), Served: _site.CountKnown(r, "ServedOnConnection")));
        var view = await client.GetAsync(Path, [AsPage, .. fields]);
        foreach (var resource in Resources)
        {
            var pushed = view.Pushes.Any(p => p.Path == resource && p.Code == 0);
            if (!pushed)
            {
                await client.GetAsync(resource);
            }

            await _site.UntilKnownAsync(
                resource,
                pushed ? "PushedOnConnection" : "ServedOnConnection",
                1 + (pushed ? before[resource].Pushed : before[resource].Served));
        }

        return view;
    }

    /// <summary>Asks for the page and nothing else.</summary>
    public Task<NodeAnswer> LookAsync(NodeConnection client, params string[] fields) => client.GetAsync(Path, [AsPage, .. fields]);

    /// <summary>What the debug header says of a resource: <c>sent=…</c> or <c>skip=…</c>.</summary>
    public static string DecisionOn(string decision, string resource) =>
        decision.Split(", ").SingleOrDefault(m => m.StartsWith($"\"{resource}\";", StringComparison.Ordinal)) is { } member
            ? member.Split(';').First(
                p => p.StartsWith("sent=", StringComparison.Ordinal) || p.StartsWith("skip=", StringComparison.Ordinal))
            : "not named";
}
