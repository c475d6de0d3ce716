using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Sheets;

namespace PushProxy.Analysis.Tests.Sheets;

public class StylesheetParserTests
{
    private static readonly string[] Pieces =
    [
        "a", ".b", "#c", "{", "}", ":", ";", "(", ")", "[", "]", "color:red", "font-family:A", "font:1px A", "\"", "'", "\\", "url(", "url(x)", "/*", "*/", "@media", "@import",
        "@font-face{font-family:A;src:url(a)}", "@supports", "@layer", "@", ",", ">", "&", "!important", "--x:1", "var(--x)", "calc(1px + 2em)", "\n", "<!--", "-->", ":not(",
        ":nth-child(2n+1)", "::before", "[a=b]", "\u0000", "é", "U+26", "1e9", "background:url(x)", " ",
    ];

    [Theory]
    [InlineData("a{font-family:A}", "a|FontFamily=A")]
    [InlineData("a{font-family:A !important;color:red}", "a|FontFamily=A!")]
    [InlineData("a{font-family:A!important ;}", "a|FontFamily=A!")]
    [InlineData("a{FONT-FAMILY: \"A;B}\" }", "a|FontFamily=\"A;B}\"")]
    [InlineData("a{/**/font-family/**/:/**/A/**/}", "a|FontFamily=A")]
    [InlineData("a{*font-family:A;font-family:B}", "a|FontFamily=B")]
    [InlineData("a{font-family:'A\n;font-family:B}b{font-family:C}", "a|FontFamily=B b|FontFamily=C")]
    [InlineData("a{font-family:A", "a|FontFamily=A")]
    [InlineData("} a{font-family:A} b{font-family:B}", "b|FontFamily=B")]
    [InlineData("a{font-family:(A;B);font-size:1px}", "a|FontFamily=(A;B),FontSize=1px")]
    [InlineData("a{font-family:A)}b{font-family:B}", "b|FontFamily=B")]
    [InlineData("a{background:url(x y)}b{font-family:B}", "b|FontFamily=B")]
    [InlineData("a{background:url( x )}", "a|Background=url( x )")]
    [InlineData("a{--x: { a:b } ;font-family:A}", "a|Custom={ a:b },FontFamily=A")]
    [InlineData("a:nonsense{font-family:A}b{font-family:B}", "b|FontFamily=B")]
    [InlineData("a::-moz-x,b{font-family:A}", "")]
    [InlineData("a::-webkit-x{font-family:A}", "a|FontFamily=A")]
    [InlineData("@media screen{a{font-family:A}}b{font-family:B}", "a|FontFamily=A b|FontFamily=B")]
    [InlineData("@unknown{a{font-family:A}}b{font-family:B}", "b|FontFamily=B")]
    [InlineData("@unknown;b{font-family:B}", "b|FontFamily=B")]
    [InlineData("a{font-family:A;b{font-family:B}c:hover{font-family:C}}", "a|FontFamily=A b|FontFamily=B c|FontFamily=C")]
    [InlineData("a{@media screen{font-family:A}}", "a|FontFamily=A")]
    [InlineData("@supports (display:grid){a{font-family:A}}@supports not (display:grid){b{font-family:B}}", "a|FontFamily=A")]
    [InlineData("<!-- a{font-family:A} -->", "a|FontFamily=A")]
    public void What_could_be_understood_is_kept(string css, string expected) => Assert.Equal(expected, string.Join(' ', StylesheetParser.Parse(css, 1000, AnalysisBudget.Unlimited).Rules.Select(Text)));

    [Theory]
    [InlineData("@import 'a.css';", "a.css||")]
    [InlineData("@IMPORT url(a.css) ;", "a.css||")]
    [InlineData("@import url( \"a.css\" ) screen and (min-width:1px);", "a.css|screen and (min-width:1px)|")]
    [InlineData("@charset 'x';@layer a,b;@import 'a.css' layer;@import 'b.css' layer(x.y) supports(display:grid) print;", "a.css||(0) b.css|print|x.y")]
    [InlineData("@import 'a.css' supports(display:magic);", "a.css||no")]
    [InlineData("a{}@import 'a.css';", "")]
    [InlineData("@media screen{}@import 'a.css';", "")]
    [InlineData("@import a.css;@import;@import 'b.css'", "b.css||")]
    public void Imports_stand_in_front(string css, string expected) =>
        Assert.Equal(expected, string.Join(' ', StylesheetParser.Parse(css, 1000, AnalysisBudget.Unlimited).Imports.Select(import => $"{import.Url}|{import.Media}|{(import.IsSupported ? import.Layer : "no")}")));

    [Fact]
    public void A_font_needs_a_family_and_a_source()
    {
        var fonts = StylesheetParser.Parse(
            "@font-face{font-family:A}@font-face{src:url(x)}@font-face{font-family:\"B C\";src:url(a.eot);src:url(a.woff2) format('woff2');font-weight:100 900;unicode-range:U+26}@font-face{font-family:D;src:url(d)", 1000, AnalysisBudget.Unlimited).Fonts;
        Assert.Equal(["B C:url(a.woff2) format('woff2')", "D:url(d)"], fonts.Select(font => $"{font.Family}:{font.Source}"));
        Assert.Equal(("100 900", "U+26"), (fonts[0].Weight, fonts[0].Range));
    }

    [Property(MaxTest = 3000)]
    public Property No_text_makes_it_fail() => Prop.ForAll(
        Gen.Elements(Pieces).ArrayOf().Select(string.Concat).ToArbitrary(),
        css => StylesheetParser.Parse(css, 50, AnalysisBudget.Unlimited) is { } sheet && sheet.Rules.Sum(rule => rule.Selectors.Length) <= 51);

    [Property(MaxTest = 1000)]
    public Property A_rule_behind_a_whole_stylesheet_is_read(string name) => Prop.ToProperty(
        StylesheetParser.Parse($"a{{color:red}}/*{name?.Replace("*/", "", StringComparison.Ordinal)} */b{{font-family:B}}", 50, AnalysisBudget.Unlimited).Rules.Length == 1);

    private static string Text(StyleRule rule) =>
        $"{rule.Selectors[0].Subject.Tag}|{string.Join(',', rule.Declarations.Select(declaration => $"{declaration.Property}={declaration.Value}{(declaration.IsImportant ? "!" : "")}"))}";
}
