using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using PushProxy.Analysis.Html;
using PushProxy.Analysis.Sheets;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Rules;

/// <summary>Goes through the elements of a page that name resources, in document order, and collects what they name.</summary>
/// <param name="page">The page.</param>
/// <param name="encoding">What queries are written in.</param>
/// <param name="client">The screen; null where it is not known.</param>
/// <param name="options">Bounds.</param>
internal sealed class PageWalk(HttpUrl page, Encoding encoding, ClientProfile? client, AnalysisOptions options)
{
    /// <summary>Collects resources.</summary>
    public AnalysisBuilder Builder { get; } = new(page, encoding, options);

    /// <summary>The stylesheets that are applied to the page, whether critical or not; those of other origins are not among them.</summary>
    public List<SheetRoot> Sheets { get; } = [];

    /// <summary>Goes through the elements.</summary>
    /// <param name="elements">Those of the page; what is in templates counts for nothing.</param>
    /// <param name="followsSheets">Whether <see cref="Sheets"/> will be asked for, so that all must be gone through.</param>
    public void Go(IEnumerable<NamedElement> elements, bool followsSheets)
    {
        foreach (var named in elements.Where(named => !named.IsInTemplate))
        {
            Visit(named);
            if (Builder.IsFull && !followsSheets)
            {
                break;
            }
        }
    }

    private void Visit(NamedElement named)
    {
        switch (named.Element)
        {
            case IHtmlBaseElement:
                Builder.AddBase(named.Element);
                break;
            case IHtmlMetaElement:
                Builder.AddMeta(named);
                break;
            case IHtmlStyleElement style:
                AddStyle(style, named.InBody);
                break;
            case IHtmlLinkElement link:
                AddLink(link, named);
                break;
            default:
                Add(ScriptRule.Read(named), named.Element);
                break;
        }
    }

    private void AddLink(IElement link, NamedElement named)
    {
        var candidate = StylesheetRule.Read(named, client);
        Add(candidate ?? PreloadRule.Read(link, client), link);
        if (StylesheetRule.AppliedMedia(link) is { } media && Builder.Base.Resolve(link.GetAttribute("href") ?? "").Url is { } url && url.SameOrigin(page) && url != page
            && Sheets.Count < options.MaxElements)
        {
            Sheets.Add(new(url, null, media, candidate is { Skip: null or AnalysisSkip.Nonce }));
        }
    }

    // Chromium's scanner looks for imports in any style element, whatever its type.
    private void AddStyle(IElement style, bool inBody) =>
        Sheets.Add(new(null, style.TextContent, style.GetAttribute("media"), !inBody && !Media.MediaQueryList.Parse(style.GetAttribute("media"), client).NeverMatches));

    private void Add(Candidate? candidate, IElement element)
    {
        if (candidate is not null)
        {
            Builder.Add(candidate, element);
        }
    }
}
