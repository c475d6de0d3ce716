using PushProxy.Analysis;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Load.Restart;

/// <summary>
/// A site of many pages. A third of what each needs is the site's, a third its section's, a third its own.
/// </summary>
/// <param name="route">The identifier of its route.</param>
/// <param name="resources">How many each page needs.</param>
internal sealed class ManyPages(string route, int resources = ManyPages.Resources)
{
    public const string Authority = "www.site.test";

    public const int Resources = 15;

    private static readonly UInt128 s_noFields = VariantKey.Of("", new Microsoft.AspNetCore.Http.HeaderDictionary(), []);

    public static string PathOf(int page) => $"/new/section-{page / 100}/page-{page}.html";

    public PageKey Key(int page) => new(route, Authority, PathOf(page));

    /// <summary>Lets a connection receive a page, as the proxy's own components learn it.</summary>
    public void View(int page, ulong connection, PageStore pages, ResourceRegistry registry)
    {
        var description = new PageDescription(
            Key(page), "https", "", [], s_noFields, $"\"{page}\"", ContentCoding.Identity, "text/html")
        {
            Connection = connection,
            Address = new(connection, connection),
        };
        if (pages.Recognises(description, (uint)page))
        {
            return;
        }

        var analysis = new PageAnalysis([.. Enumerable.Range(0, resources).Select(i => Resource(page, i))], []);
        pages.Learn(description, (uint)page, analysis);
        foreach (var resource in analysis.Resources)
        {
            if (registry.Find(resource.Url) is { Answer: null } state)
            {
                registry.Answered(state, new AnswerFacts
                {
                    Type = resource.Kind == ResourceKind.Style ? "text/css" : "text/javascript",
                    CanBeKept = true,
                    StaysFresh = true,
                    Size = 12_345,
                    CameWithoutCredentials = true,
                });
            }
        }
    }

    /// <summary>Lets one connection receive a page that needs one stylesheet.</summary>
    public static void ViewOnce(PageKey key, Uri stylesheet, PageStore pages) => pages.Learn(
        new PageDescription(key, "https", "", [], s_noFields, null, ContentCoding.Identity, "text/html")
        {
            Connection = 1,
            Address = new(1, 1),
        },
        1, new PageAnalysis([Resource(0, 0) with { Url = stylesheet }], []));

    private static CriticalResource Resource(int page, int at)
    {
        var owner = (at % 3) switch { 0 => "site", 1 => $"section-{page / 100}", _ => $"page-{page}" };
        var isStyle = at % 2 == 0;
        return new CriticalResource
        {
            Url = new Uri($"https://{Authority}/assets/{owner}/{at}-3f9c2a.{(isStyle ? "css" : "js")}"),
            Kind = isStyle ? ResourceKind.Style : ResourceKind.Script,
            Blocking = true,
            FoundBy = isStyle ? FoundBy.HeadStylesheet : FoundBy.HeadScript,
            Worth = 50,
        };
    }
}
