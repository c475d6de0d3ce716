using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PushProxy.Analysis.Shells;

namespace PushProxy.Analysis.Tests.Shells;

/// <summary>Wherever a shell ends, the browser reads what follows it as markup, so it can be told to load the page again.</summary>
public class ShellCutPropertyTests
{
    private const string Refresh = "<meta http-equiv=\"refresh\" content=\"0\">";
    private const string Script = "<script>location.reload()</script><noscript>" + Refresh + "</noscript>";

    private static readonly string[] Pieces =
    [
        "<!DOCTYPE html>", "<html>", "<head>", "</head>", "<body>", "</body>", "</html>", "<div>", "</div>", "<p>", "</p>", "<br>", "</br>",
        "<b>", "</b>", "<a href=x>", "</a>", "<nobr>", "<table>", "</table>", "<tr>", "<td>", "</td>", "<caption>", "<colgroup>", "<col>",
        "<tbody>", "<select>", "</select>", "<option>", "</option>", "<optgroup>", "<template>", "</template>", "<svg>", "</svg>", "<g>",
        "<svg/>", "<template/>", "<select/>", "<div/>", "<g/>", "<foreignObject>", "</foreignObject>", "<desc>", "</desc>", "<math>", "</math>", "<mi>", "<mtext>", "<annotation-xml>",
        "<annotation-xml encoding=text/html>", "</annotation-xml>", "<title>", "</title>", "<style>", "</style>", "<script>", "</script>",
        "<script src=a.js>", "<textarea>", "</textarea>", "<noscript>", "</noscript>", "<iframe>", "</iframe>", "<xmp>", "</xmp>",
        "<noembed>", "</noembed>", "<noframes>", "</noframes>", "<frameset>", "<plaintext>", "<!--", "-->", "--!>", "<!-->", "<!",
        "<![CDATA[", "]]>", "<?", "text", "&amp;", "&lt", "\0", "<", ">", "'", "\"", "=", "/", "/>", "\r\n", "\r", "\n", " ", "é", "日",
        "<p class=\"", "<p class='", "<meta charset=utf-8>", "<meta http-equiv=refresh content=9>", "<base href=/>", "<input>",
        "<input name=csrf>", "<link rel=stylesheet href=a.css>", "<form>", "</form>", "<button>", "</button>", "<li>", "<dd>", "<object>",
        "<marquee>", "<image>", "<isindex>", "<ruby>", "<rt>", "<h1>", "</h1>", "<menuitem>", "<keygen>", "<search>", "<dialog>",
    ];

    private static readonly HashSet<string> Inert =
        ["svg", "math", "select", "template", "iframe", "title", "frameset"];

    // In them HTML is HTML again, whatever is around them.
    private static readonly HashSet<string> Ordinary =
        ["foreignObject", "desc", "annotation-xml", "mi", "mtext", "object", "marquee", "td", "th", "caption"];

    private static Arbitrary<(string Html, int Length)> Soup =>
        (from pieces in Gen.Elements(Pieces).ArrayOf() from length in Gen.Choose(0, 10_000) select (string.Concat(pieces), length))
        .ToArbitrary();

    [Property(MaxTest = 4000, EndSize = 60)]
    public Property It_is_a_beginning_that_ends_behind_a_tag() => Prop.ForAll(Soup, soup =>
    {
        var given = Given(soup);
        var shell = given.AsSpan(0, ShellCut.Of(given, "utf-8").Length);
        Assert.True(shell.IsEmpty || shell[^1] == '>');
        Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(shell));
    });

    [Property(MaxTest = 4000, EndSize = 60)]
    public Property Markup_behind_it_is_markup() => Prop.ForAll(Soup, soup =>
    {
        var given = Given(soup);
        var cut = ShellCut.Of(given, "utf-8").Length;
        if (cut == 0)
        {
            return;
        }

        var shell = Encoding.UTF8.GetString(given, 0, cut);
        foreach (var isScripting in new[] { true, false })
        {
            var parser = new HtmlParser(new HtmlParserOptions { IsScripting = isScripting });
            using var document = parser.ParseDocument(shell + Refresh);
            var refresh = document.QuerySelector("meta[content='0']");
            Assert.True(refresh is not null && refresh.NamespaceUri == NamespaceNames.HtmlUri, $"No refresh behind {shell}");
            for (var parent = refresh.ParentElement; parent is not null && !Ordinary.Contains(parent.LocalName); parent = parent.ParentElement)
            {
                Assert.False(Inert.Contains(parent.LocalName), $"The refresh is in {parent.LocalName} behind {shell}");
            }
        }
    });

    [Property(MaxTest = 4000, EndSize = 60)]
    public Property A_script_behind_it_is_a_script() => Prop.ForAll(Soup, soup =>
    {
        var given = Given(soup);
        var cut = ShellCut.Of(given, "utf-8").Length;
        if (cut == 0)
        {
            return;
        }

        var shell = Encoding.UTF8.GetString(given, 0, cut);
        using var document = new HtmlParser(new HtmlParserOptions { IsScripting = true }).ParseDocument(shell + Script);
        Assert.True(
            document.QuerySelectorAll("script").Any(s => s.TextContent == "location.reload()"), $"No script behind {shell}");
        Assert.True(
            document.QuerySelectorAll("noscript").Any(s => s.TextContent == Refresh), $"No noscript behind {shell}");
    });

    private static byte[] Given((string Html, int Length) soup)
    {
        var bytes = Encoding.UTF8.GetBytes(soup.Html);
        return bytes[..(soup.Length % (bytes.Length + 1))];
    }
}
