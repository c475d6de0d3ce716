using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using PushProxy.Analysis.Html;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Rules;

/// <summary>Scripts and stylesheets that inline scripts of a page write into it.</summary>
internal sealed class WrittenElements
{
    private const int MaxWrites = 32;

    private readonly List<(NamedElement Element, bool IsConditional, HttpUrl? Before)> _written = [];

    /// <summary>Looks into an inline script.</summary>
    /// <param name="script">Its text.</param>
    /// <param name="before">The script of another place that was loaded before it, which it may look whether it is there.</param>
    public void Add(string script, HttpUrl? before)
    {
        foreach (var (markup, isConditional) in WrittenMarkup.Find(script))
        {
            if (_written.Count >= MaxWrites)
            {
                return;
            }

            if (markup.Contains("<script", StringComparison.OrdinalIgnoreCase)
                || markup.Contains("<link", StringComparison.OrdinalIgnoreCase))
            {
                // What is written blocks wherever it is written.
                var document = new HtmlParser(new HtmlParserOptions { IsScripting = true }).ParseDocument(markup);
                _written.AddRange(document.All.Where(element => element is IHtmlScriptElement or IHtmlLinkElement)
                    .Select(element => (new NamedElement(element, InBody: false), isConditional, before)));
            }
        }
    }

    /// <summary>
    /// Adds what they write. What they write under a condition is nearly always a substitute for a script of another site, so it
    /// is needed where that can't be reached from here.
    /// </summary>
    public async ValueTask AddToAsync(
        PageWalk walk, ClientProfile? client, ISubresourceSource source, HttpUrl page, CancellationToken cancellation)
    {
        var builder = walk.Builder;
        foreach (var (named, isConditional, before) in _written)
        {
            var isSubstitute = isConditional && before is not null && !before.SameOrigin(page);
            var isNeeded = !isConditional || (isSubstitute && !await source.IsReachableAsync(before!.ToUri(), cancellation));
            var candidate = named.Element is IHtmlLinkElement ? StylesheetRule.Read(named, client) : ScriptRule.Read(named);
            if (candidate is not null)
            {
                if (isNeeded && candidate is { Kind: ResourceKind.Style, Skip: null }
                    && builder.Base.Resolve(candidate.Attribute).Url is { } url && url.SameOrigin(page))
                {
                    walk.Sheets.Add(new(url, null, candidate.Media, IsBlocking: true));
                }

                builder.Add(
                    candidate with
                    {
                        FoundBy = FoundBy.WrittenByScript,
                        Skip = candidate.Skip ?? (isNeeded ? null : AnalysisSkip.UnsupportedCondition),
                    },
                    named.Element);
            }
        }
    }
}
