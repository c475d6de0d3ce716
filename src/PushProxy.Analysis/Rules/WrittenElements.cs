using AngleSharp.Html.Dom;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Html;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Rules;

/// <summary>Scripts and stylesheets that inline scripts of a page write into it.</summary>
internal sealed class WrittenElements
{
    private const int MaxWrites = 32;

    // What a parser for a piece of markup costs, in steps.
    private const int StepsPerWrite = 3000;

    private int _writes;
    private readonly List<(NamedElement Element, bool IsConditional, HttpUrl? Before)> _written = [];

    /// <summary>Looks into an inline script.</summary>
    /// <param name="script">Its text.</param>
    /// <param name="before">The script of another place that was loaded before it, which it may look whether it is there.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="budget">What it may cost.</param>
    public void Add(string script, HttpUrl? before, AnalysisOptions options, AnalysisBudget budget)
    {
        foreach (var (markup, isConditional) in WrittenMarkup.Find(script))
        {
            if (_written.Count >= MaxWrites || _writes >= MaxWrites)
            {
                return;
            }

            if (markup.Contains("<script", StringComparison.OrdinalIgnoreCase)
                || markup.Contains("<link", StringComparison.OrdinalIgnoreCase))
            {
                _writes++;
                if (!budget.Spend(AnalysisCost.Scripts, StepsPerWrite))
                {
                    return;
                }

                // What is written blocks wherever it is written.
                var elements = PageElements.Parse(
                    markup.ToCharArray(), markup.Length, PageScope.WholePage, keepsText: false, options, budget);
                _written.AddRange(elements.Found
                    .Where(named => named.Element is IHtmlScriptElement or IHtmlLinkElement && !named.IsInTemplate)
                    .Take(MaxWrites - _written.Count)
                    .Select(named => (named with { InBody = false }, isConditional, before)));
            }
        }
    }

    /// <summary>
    /// Adds what they write. What they write under a condition is nearly always a substitute for a script of another site, so it
    /// is needed where that can't be reached from here.
    /// </summary>
    public async ValueTask AddToAsync(
        PageWalk walk, ClientProfile? client, ISubresourceSource source, HttpUrl page, AnalysisBudget budget,
        CancellationToken cancellation)
    {
        var builder = walk.Builder;
        foreach (var (named, isConditional, before) in _written)
        {
            var isNeeded = !isConditional;
            if (isConditional && before is not null && !before.SameOrigin(page))
            {
                using (budget.Wait())
                {
                    isNeeded = !await source.IsReachableAsync(before.ToUri(), cancellation);
                }
            }

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
