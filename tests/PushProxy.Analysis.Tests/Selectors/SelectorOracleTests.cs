using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Css.Dom;
using AngleSharp.Css.Parser;
using AngleSharp.Html.Parser;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Selectors;
using PushProxy.Analysis.Tests.Comparison;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Tests.Selectors;

/// <summary>Selectors match what AngleSharp's own engine matches; where they do not, on purpose, the difference is listed here.</summary>
public partial class SelectorOracleTests
{
    private static readonly string[] Names = ["div", "p", "ul", "li", "a", "span", "*"];
    private static readonly string[] Classes = [".x", ".y", ".z"];

    private static readonly string[] Conditions =
    [
        "#i", "#j", "[title]", "[title=x]", "[title~=y]", "[title^=x]", "[title$=y]", "[title*=' ']", "[title|=x]", "[title='X' i]", ":first-child", ":last-child",
        ":only-child", ":first-of-type", ":last-of-type", ":only-of-type", ":nth-child(odd)", ":nth-child(2n+1)", ":nth-child(-n+2)", ":nth-last-child(2)",
        ":nth-of-type(even)", ":nth-last-of-type(1)", ":empty", ":root", ":link", ":not(.x)", ":not(div, .y)", ":not(.x .y)", ":is(p, .z)", ":where(ul > li)",
        ":checked", ":disabled", ":hover", ":focus", ":nonsense", "..", "[=", ":not(:nonsense)",
    ];

    private static readonly string[] Starts =
        ["<div", "<p", "<ul><li", "<li", "<a href=/", "<a", "<span", "<input checked", "<input type=Radio checked", "<input disabled", "<div hidden"];

    private static readonly string[] Attributes =
        ["", " class=x", " class='x y'", " class=z", " id=i", " title='x y'", " title=x-y class=y", " id=j title=X"];

    private static readonly string[] Ends = [">", ">text", "></div>", "></li>", "></ul>", "></a></span>", "><!-- -->"];

    private static Gen<string> Compound =>
        from name in Gen.Elements([.. Names, ""])
        from className in Gen.Elements([.. Classes, ""])
        from condition in Gen.Elements([.. Conditions, ""])
        select name + className + condition + NotTheRoot(condition) is { Length: > 0 } compound ? compound : "*";

    private static Gen<string> Step =>
        from combinator in Gen.Elements(" ", " > ", " + ", " ~ ", ">")
        from compound in Compound
        select combinator + compound;

    private static Gen<string> Complex =>
        from first in Compound
        from rest in Step.ListOf()
        select first + string.Concat(rest.Take(3));

    private static Gen<string> Tag =>
        from start in Gen.Elements(Starts)
        from attributes in Gen.Elements(Attributes)
        from end in Gen.Elements(Ends)
        select start + attributes + end;

    [Property(MaxTest = 3000)]
    public Property Any_selector_matches_the_same_elements_of_any_page() => Prop.ForAll(
        Complex.ToArbitrary(),
        Tag.ListOf().Select(static parts => string.Concat(parts.Take(12))).ToArbitrary(),
        static (selector, html) => Prop.Label(Differs(selector, Parse(html)) is null, $"{Differs(selector, Parse(html))} on {html}"));

    [Fact]
    public void Every_selector_of_the_corpus_matches_the_same_elements_of_all_its_pages()
    {
        var trees = CorpusPage.All.Select(static page => Parse(Encoding.UTF8.GetString(page.Files["index.html"]))).ToList();
        var files = CorpusPage.All.SelectMany(static page => page.Files.Where(static file => file.Key.EndsWith(".css", StringComparison.Ordinal)))
            .Select(static file => Encoding.UTF8.GetString(file.Value));
        var elements = trees.SelectMany(static tree => tree.Nodes.Where(static node => node.Tag == "style")).Select(static node => node.Element.TextContent);
        var selectors = files.Concat(elements).SelectMany(SelectorsOf).ToHashSet();
        Assert.InRange(selectors.Count, 100, 100_000);
        Assert.All(selectors, selector => Assert.All(trees, tree => Assert.Null(Differs(selector, tree))));
    }

    [Theory]
    // AngleSharp does not know these pseudo-elements and -classes, and drops the whole rule; browsers do not.
    [InlineData("p::placeholder", true, false)]
    [InlineData("p::file-selector-button", true, false)]
    [InlineData("p::-webkit-scrollbar", true, false)]
    [InlineData("p:-webkit-autofill", true, false)]
    // The end of the text closes a bracket (CSS Syntax 3 §5.4.8).
    [InlineData("p[title", true, false)]
    // Nothing may follow a pseudo-element but a pseudo-class (Selectors 4 §3.6.3); AngleSharp takes it.
    [InlineData("p:before > b", false, true)]
    // A selector neither begins with a combinator nor has two in a row.
    [InlineData("> p", false, true)]
    [InlineData("p >> b", false, true)]
    // A type cannot follow the universal selector.
    [InlineData("*p", false, true)]
    public void Only_one_of_the_two_takes(string selector, bool ours, bool theirs) =>
        Assert.Equal((ours, theirs), (Ours(selector) is not null, Theirs(selector) is not null));

    [Theory]
    // Chromium matches a textarea that shows its placeholder, too.
    [InlineData("textarea:placeholder-shown", "<textarea placeholder=a></textarea>", 1, 0)]
    // Whether input is valid is not worked out here: it decides on colours, hardly ever on fonts and images.
    [InlineData("input:invalid", "<input type=email value=x>", 0, 1)]
    // The root is the only child of the document (Selectors 4 §13.3); AngleSharp says that it is no child.
    [InlineData("html:only-child", "<p></p>", 1, 0)]
    [InlineData(":nth-last-of-type(1) > head", "<p></p>", 1, 0)]
    // Costs too much for what it decides: documented, matches nothing.
    [InlineData("div:has(p)", "<div><p></p></div>", 0, 1)]
    public void The_two_match_different_elements(string selector, string html, int ours, int theirs)
    {
        var (tree, budget) = (Parse(html), AnalysisBudget.OfSteps(1_000_000));
        Assert.Equal(ours, tree.Nodes.Count(node => Ours(selector)!.Value.Any(one => one.Matches(node, budget))));
        Assert.Equal(theirs, tree.Nodes.Count(node => Theirs(selector)!.Match(node.Element, null)));
    }

    // What the theories above are about; "&" has no meaning outside a nested rule.
    [GeneratedRegex("::?-webkit-|::placeholder|::file-selector-button|:(before|after)\\s*[>+~]|:placeholder-shown|:(in)?valid|:has\\(|&")]
    private static partial Regex Deliberate { get; }

    [GeneratedRegex(@"/\*[\s\S]*?\*/|<!--|-->")]
    private static partial Regex Comment { get; }

    [GeneratedRegex(@"(?:^|[{};])\s*([^{};@]+)\{")]
    private static partial Regex Prelude { get; }

    private static IEnumerable<string> SelectorsOf(string css) =>
        Prelude.Matches(Comment.Replace(css, "")).Select(static match => match.Groups[1].Value.Trim()).Where(static text => !Deliberate.IsMatch(text));

    private static DocumentTree Parse(string html) => DocumentTree.Of(new HtmlParser(new HtmlParserOptions { IsScripting = true }).ParseDocument(html), AnalysisBudget.Unlimited);

    private static ImmutableArray<Selector>? Ours(string selector) => SelectorParser.ParseList(selector, null, 10_000);

    private static ISelector? Theirs(string selector) => new CssSelectorParser().ParseSelector(selector);

    // A place among siblings is compared for all elements but the root; what differs there is in the theory above.
    private static string NotTheRoot(string condition) =>
        condition.Contains("-child", StringComparison.Ordinal) || condition.Contains("-of-type", StringComparison.Ordinal) ? ":not(:root)" : "";

    // Null where both agree.
    private static string? Differs(string selector, DocumentTree tree)
    {
        var (ours, theirs) = (Ours(selector), Theirs(selector));
        if (ours is null || theirs is null)
        {
            return (ours is null) == (theirs is null) ? null : $"{selector}: only {(ours is null ? "AngleSharp" : "PushProxy")} takes it";
        }

        var budget = AnalysisBudget.Unlimited;
        // The root is compared by the theory above.
        var different = tree.Nodes.Skip(1).FirstOrDefault(node =>
            ours.Value.Any(one => one.Pseudo == PseudoElement.None && one.Matches(node, budget)) != theirs.Match(node.Element, null));
        return different is null ? null : $"{selector}: only one of the two matches {different.Element.ToHtml()}";
    }
}
