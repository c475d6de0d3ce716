using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Html;
using PushProxy.Analysis.Modules;
using PushProxy.Analysis.Sheets;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Rules;

/// <summary>Goes through the elements of a page that name resources, in document order, and collects what they name.</summary>
/// <param name="page">The page.</param>
/// <param name="encoding">What queries are written in.</param>
/// <param name="client">The screen; null where it is not known.</param>
/// <param name="options">Bounds.</param>
/// <param name="budget">What it may cost.</param>
internal sealed class PageWalk(HttpUrl page, Encoding encoding, ClientProfile? client, AnalysisOptions options, AnalysisBudget budget)
{
    // What an element costs that names something, in steps and in bytes.
    private const int StepsPerElement = 100;
    private const int BytesPerElement = 300;

    // How many characters are read for one step.
    private const int CharactersAStep = 8;

    // What a link element has by the same name (HTML §4.2.4.4).
    private static readonly string[] s_linkParameters =
        ["rel", "as", "crossorigin", "type", "media", "imagesrcset", "imagesizes", "integrity", "fetchpriority", "referrerpolicy", "nonce"];

    private HttpUrl? _before;

    /// <summary>Collects resources.</summary>
    public AnalysisBuilder Builder { get; } = new(page, encoding, options);

    /// <summary>The stylesheets that are applied to the page, whether critical or not; those of other origins are not among them.</summary>
    public List<SheetRoot> Sheets { get; } = [];

    /// <summary>What inline scripts write into the page.</summary>
    public WrittenElements Written { get; } = new();

    /// <summary>Scripts that block nothing, but run before the page is complete.</summary>
    public List<(NamedResource Resource, IElement Element)> Late { get; } = [];

    /// <summary>The modules the page names, and those its preload links name.</summary>
    public List<HttpUrl> Modules { get; } = [];

    /// <summary>The texts of modules that stand in the page.</summary>
    public List<string> InlineModules { get; } = [];

    /// <summary>Its import map.</summary>
    public ImportMap ImportMap { get; } = new();

    /// <summary>
    /// What the response's own fields preload (HTML §4.2.4.4). A browser reads them before the page, so they are relative to its URL.
    /// </summary>
    /// <param name="fields">Values of <c>Link</c>.</param>
    /// <param name="document">Makes the elements that would say the same.</param>
    public void AddLinkFields(IReadOnlyList<string> fields, IDocument document)
    {
        foreach (var field in fields.SelectMany(LinkField.Parse).Where(static f => f.IsPreload).Take(options.MaxResources))
        {
            if (!budget.Spend(AnalysisCost.Html, StepsPerElement) || !budget.Keep(AnalysisCost.Html, BytesPerElement))
            {
                break;
            }

            var link = document.CreateElement("link");
            link.SetAttribute("href", field.Target);
            foreach (var name in s_linkParameters)
            {
                if (field[name] is { } value)
                {
                    link.SetAttribute(name, value);
                }
            }

            Add(PreloadRule.Read(link, client) is { } preload ? preload with { FoundBy = FoundBy.LinkField } : null, link);
        }
    }

    /// <summary>Goes through the elements.</summary>
    /// <param name="elements">Those of the page; what is in templates counts for nothing.</param>
    /// <param name="followsSheets">Whether <see cref="Sheets"/> will be asked for, so that all must be gone through.</param>
    public void Go(IEnumerable<NamedElement> elements, bool followsSheets)
    {
        foreach (var named in elements.Where(named => !named.IsInTemplate))
        {
            if (!budget.Spend(AnalysisCost.Html, StepsPerElement) || !budget.Keep(AnalysisCost.Html, BytesPerElement))
            {
                break;
            }

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
                AddScript(named);
                break;
        }
    }

    private void AddScript(NamedElement named)
    {
        var script = named.Element;
        if (ScriptRule.Read(named) is { } candidate)
        {
            Builder.Add(candidate, script);
            if (candidate.Skip is AnalysisSkip.ModuleScript or AnalysisSkip.DeferredScript or AnalysisSkip.InBody
                && !script.HasAttribute("async"))
            {
                Late.Add((candidate, script));
            }
        }

        var url = script.GetAttribute("src") is { } source ? Builder.Base.Resolve(source).Url : null;
        switch (ScriptTypes.Of(script))
        {
            case ScriptType.Classic when script.HasAttribute("src"):
                _before = url;
                break;
            case ScriptType.Classic:
                Written.Add(TextOf(script), _before, options, budget);
                break;
            case ScriptType.Module when url is not null:
                Modules.Add(url);
                break;
            case ScriptType.Module when !script.HasAttribute("src"):
                InlineModules.Add(TextOf(script));
                break;
            case ScriptType.Data when "importmap".Equals(script.GetAttribute("type")?.Trim(), StringComparison.OrdinalIgnoreCase):
                ImportMap.Add(TextOf(script), budget);
                break;
        }
    }

    private void AddLink(IElement link, NamedElement named)
    {
        var candidate = StylesheetRule.Read(named, client);
        var preload = candidate is null ? PreloadRule.Read(link, client) : null;
        Add(candidate ?? preload, link);
        if (preload is { FoundBy: FoundBy.ModulePreload, Skip: null } && Builder.Base.Resolve(preload.Attribute).Url is { } module)
        {
            Modules.Add(module);
        }

        if (StylesheetRule.AppliedMedia(link) is { } media && Builder.Base.Resolve(link.GetAttribute("href") ?? "").Url is { } url
            && url.SameOrigin(page) && url != page
            && Sheets.Count < options.MaxElements)
        {
            Sheets.Add(new(url, null, media, candidate is { Skip: null or AnalysisSkip.Nonce }));
        }
    }

    // Chromium's scanner looks for imports in any style element, whatever its type.
    private void AddStyle(IElement style, bool inBody) =>
        Sheets.Add(
            new(
                null, TextOf(style), style.GetAttribute("media"),
                !inBody && !Media.MediaQueryList.Parse(style.GetAttribute("media"), client).NeverMatches));

    private void Add(NamedResource? candidate, IElement element)
    {
        if (candidate is not null)
        {
            Builder.Add(candidate, element);
        }
    }

    // The text of a style or script element is put together for whoever asks.
    private string TextOf(IElement element)
    {
        var length = element.ChildNodes.OfType<IText>().Sum(text => (long)text.Length);
        return budget.Spend(AnalysisCost.Html, length / CharactersAStep) && budget.Keep(AnalysisCost.Html, sizeof(char) * length)
            ? element.TextContent : "";
    }
}
