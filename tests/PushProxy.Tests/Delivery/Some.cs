using Microsoft.AspNetCore.Http;
using PushProxy.Analysis;
using PushProxy.Model;

namespace PushProxy.Tests.Delivery;

/// <summary>Resources and pages for tests, as short as they can be written.</summary>
internal static class Some
{
    public static CriticalResource Style(string path, string? media = null) => new()
    {
        Url = new Uri("https://site.test" + path),
        Kind = ResourceKind.Style,
        Blocking = true,
        FoundBy = FoundBy.HeadStylesheet,
        Media = media,
    };

    public static CriticalResource Script(string path) => Style(path) with { Kind = ResourceKind.Script, FoundBy = FoundBy.HeadScript };

    public static PageDescription Description(PageKey key, IHeaderDictionary request, params string[] vary) =>
        new(key, "https", "", vary, VariantKey.Of("", request, vary), null, ContentCoding.Identity, "text/html");

    public static PageAnalysis Page(params CriticalResource[] resources) => new(resources, []);
}
