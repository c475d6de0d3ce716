using System.Collections.Frozen;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Selectors;
using PushProxy.Analysis.Sheets;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Styles;

/// <summary>The browser's own stylesheet (HTML §15.3), as far as it decides what is displayed and in which font.</summary>
internal static class BrowserStyles
{
    private const string Css = """
        html, body, address, blockquote, center, dialog, div, dl, dt, dd, fieldset, figure, figcaption, footer, form, h1, h2, h3, h4, h5,
        h6,
        header, hgroup, hr, legend, li, main, nav, ol, p, pre, search, section, article, aside, ul, menu, details, summary, optgroup,
        option,
        frameset, frame, dir, listing, plaintext, xmp { display: block }
        area, base, basefont, datalist, head, link, meta, noembed, noframes, param, rp, script, style, template, title, source, track,
        noscript,
        [hidden], input[type=hidden], dialog:not([open]), details:not([open]) > :not(summary), audio:not([controls]), object > *,
        video > *, canvas > *,
        iframe > *, audio > * { display: none }
        img, input, button, select, textarea, video, iframe, canvas, object, embed, svg, meter, progress { display: inline-block }
        table, tbody, thead, tfoot { display: table }
        tr { display: table-row }
        td, th, caption { display: table-cell; padding: 1px }
        body { margin: 8px }
        p, dl { margin: 1em 0 }
        ul, ol, menu { margin: 1em 0; padding-left: 40px }
        li ul, li ol { margin: 0 }
        dd, blockquote, figure { margin-left: 40px }
        blockquote, figure { margin: 1em 40px }
        pre { margin: 1em 0 }
        hr { margin: 0.5em auto; height: 1px }
        h1 { font-size: 2em; margin: 0.67em 0 }
        h2 { font-size: 1.5em; margin: 0.83em 0 }
        h3 { font-size: 1.17em; margin: 1em 0 }
        h4 { margin: 1.33em 0 }
        h5 { font-size: 0.83em; margin: 1.67em 0 }
        h6 { font-size: 0.67em; margin: 2.33em 0 }
        h1, h2, h3, h4, h5, h6, b, th { font-weight: bold }
        strong { font-weight: bolder }
        i, em, cite, address, dfn, var { font-style: italic }
        small, sub, sup { font-size: smaller }
        big { font-size: larger }
        code, pre, kbd, samp, tt, xmp, listing, plaintext { font-family: monospace; font-size: 13px }
        input, button, select, textarea { font: 13.333px Arial; text-transform: none; padding: 1px 2px }
        textarea { font-family: monospace }
        fieldset { padding: 0.35em 0.75em; margin: 0 2px }
        """;

    private static readonly Stylesheet Sheet = StylesheetParser.Parse(Css, maxRules: 10_000, AnalysisBudget.Unlimited);

    // By type alone nearly always, so what applies to a type is found once.
    private static readonly FrozenDictionary<string, StyleRule[]> Plain = Sheet.Rules
        .SelectMany(rule => rule.Selectors, (rule, selector) => (rule, selector))
        .Where(both => both.selector is { Compounds: [{ Tag: not null, Conditions: [] }] })
        .GroupBy(both => both.selector.Subject.Tag!, both => both.rule)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray());

    private static readonly (StyleRule Rule, Selector Selector)[] Others = [.. Sheet.Rules
        .SelectMany(rule => rule.Selectors, (rule, selector) => (rule, selector))
        .Where(both => both.selector is not { Compounds: [{ Tag: not null, Conditions: [] }] })];

    /// <summary>Applies it to an element.</summary>
    public static void Apply(TreeNode node, ComputedStyle style, ComputedStyle parent, StyleApplier applier, AnalysisBudget budget)
    {
        foreach (var rule in Plain.TryGetValue(node.Tag, out var rules) ? rules : [])
        {
            Apply(rule, style, parent, applier);
        }

        foreach (var (rule, selector) in Others)
        {
            if (selector.Matches(node, budget))
            {
                Apply(rule, style, parent, applier);
            }
        }
    }

    private static void Apply(StyleRule rule, ComputedStyle style, ComputedStyle parent, StyleApplier applier)
    {
        foreach (var declaration in rule.Declarations)
        {
            applier.Apply(style, parent, declaration, sheet: null);
        }
    }
}
