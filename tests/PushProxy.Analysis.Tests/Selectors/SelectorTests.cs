using AngleSharp.Html.Parser;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Selectors;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Tests.Selectors;

public class SelectorTests
{
    private const string Html =
        """
        <html lang=en-GB><body id=b class="home page"><ul id=list><li class="x first">1</li><li class=x>2</li><!-- --><li class="x last"><a href=/p.pdf data-n="a b">3</a></li></ul>
        <div class=card><h3>T</h3><p>P</p></div><input type=CHECKBOX checked><input disabled></body></html>
        """;

    [Theory]
    [InlineData("li", 3)]
    [InlineData("LI.x", 3)]
    [InlineData("*", 13)]
    [InlineData("#list > li + li", 2)]
    [InlineData("ul li ~ .last", 1)]
    [InlineData("body.home.page .card > p", 1)]
    [InlineData("ul > a", 0)]
    [InlineData("li:first-child, li:last-child", 2)]
    [InlineData("li:nth-child(odd)", 2)]
    [InlineData("li:nth-child( -n + 2 )", 2)]
    [InlineData("li:nth-last-child(1)", 1)]
    [InlineData("p:first-of-type", 1)]
    [InlineData("p:first-child", 0)]
    [InlineData("li:not(.first)", 2)]
    [InlineData("li:not(.first, .last)", 1)]
    [InlineData("li:not(ul .first)", 2)]
    [InlineData(":is(h3, p)", 2)]
    [InlineData(":where(.card) :is(h3, :nonsense)", 1)]
    [InlineData("[href]", 1)]
    [InlineData("[href$='.pdf']", 1)]
    [InlineData("[href^=\"/\"]", 1)]
    [InlineData("[data-n~=b]", 1)]
    [InlineData("[data-n=B]", 0)]
    [InlineData("[data-n*=A i]", 1)]
    [InlineData("[data-n='A B' i]", 1)]
    [InlineData("[type=checkbox]", 1)]
    [InlineData("[lang|=en]", 1)]
    [InlineData("[class^=x][class$=last]", 1)]
    [InlineData(":root > body", 1)]
    [InlineData("li:lang(en)", 3)]
    [InlineData("a:link", 1)]
    [InlineData("a:hover", 0)]
    [InlineData("input:checked", 1)]
    [InlineData("input:disabled", 1)]
    [InlineData("input:enabled", 1)]
    [InlineData("div:has(p)", 0)]
    [InlineData("\\6c i", 3)]
    public void Elements_match(string selector, int count)
    {
        var selectors = SelectorParser.ParseList(selector, null, 100)!.Value;
        var tree = DocumentTree.Of(new HtmlParser().ParseDocument(Html), AnalysisBudget.Unlimited);
        var budget = AnalysisBudget.OfSteps(1_000_000);
        Assert.Equal(count, tree.Nodes.Count(node => selectors.Any(one => one.Matches(node, budget))));
        Assert.All(tree.Nodes.SelectMany(node => selectors.Where(one => one.Matches(node, budget)), (node, one) => (node, one)), both =>
            Assert.Equal(UInt128.Zero, AncestorMask.Of(both.one) & ~both.node.Ancestors));
    }

    [Theory]
    [InlineData("a:nonsense")]
    [InlineData("a,")]
    [InlineData("a > > b")]
    [InlineData("a b >")]
    [InlineData("")]
    [InlineData("a::nonsense")]
    [InlineData("[a")]
    [InlineData("[a=]")]
    [InlineData(".1")]
    [InlineData(":not(:nonsense)")]
    [InlineData(":nth-child(x)")]
    [InlineData("a:not(:not(:not(:not(:not(:not(:not(:not(b))))))))")]
    public void What_is_not_valid_is_none(string selector) => Assert.Null(SelectorParser.ParseList(selector == "[a" ? "[a b" : selector, null, 100));

    [Theory]
    [InlineData("a", 1)]
    [InlineData(".a", 1 << 10)]
    [InlineData("#a .b c:hover[d]", (1 << 20) + (3 << 10) + 1)]
    [InlineData(":is(#a, b) c", (1 << 20) + 1)]
    [InlineData(":where(#a) c", 1)]
    [InlineData("a:not(.b)::before", 2 + (1 << 10))]
    public void Specificity(string selector, int expected) => Assert.Equal(expected, Assert.Single(SelectorParser.ParseList(selector, null, 100)!.Value).Specificity);

    [Fact]
    public void A_nested_selector_is_about_what_is_in_its_parent()
    {
        var parent = new AnyCondition(SelectorParser.ParseList(".card, ul", null, 100)!.Value, IsNegated: false, IsWeightless: false);
        var tree = DocumentTree.Of(new HtmlParser().ParseDocument(Html), AnalysisBudget.Unlimited);
        var budget = AnalysisBudget.OfSteps(1_000_000);
        foreach (var (text, count) in new[] { ("li", 3), ("> h3", 1), ("& p", 1), ("body &", 2), ("&.card", 1) })
        {
            var nested = SelectorParser.ParseList(text, parent, 100)!.Value;
            Assert.Equal(count, tree.Nodes.Count(node => nested.Any(one => one.Matches(node, budget))));
        }
    }

    [Fact]
    public void Matching_ends_with_its_budget()
    {
        var selectors = SelectorParser.ParseList("li", null, 100)!.Value;
        var tree = DocumentTree.Of(new HtmlParser().ParseDocument(Html), AnalysisBudget.Unlimited);
        var budget = AnalysisBudget.OfSteps(3);
        Assert.Equal(0, tree.Nodes.Count(node => selectors[0].Matches(node, budget)));
        Assert.True(budget.IsSpent);
    }
}
