using PushProxy.Analysis.Rules;

namespace PushProxy.Analysis.Tests.Rules;

public class WrittenTests
{
    [Theory]
    [InlineData("document.write('<b>')", "<b>")]
    [InlineData("document.writeln( \"<b>\" + '</b>' )", "<b></b>")]
    [InlineData("document.write('\\x3Cb\\u003e\\/')", "<b>/")]
    [InlineData("window.jQuery || document.write('<b>')", "?<b>")]
    [InlineData("if (x) { document.write('<b>') }", "?<b>")]
    [InlineData("document.write('<a>'); document.write('<b>')", "<a> <b>")]
    [InlineData("document.write('<b src=' + x + '>')", "")]
    [InlineData("document.write(x)", "")]
    [InlineData("document.write('<b>", "")]
    [InlineData("document.write", "")]
    public void What_is_written(string script, string expected) =>
        Assert.Equal(expected, string.Join(' ', WrittenMarkup.Find(script).Select(written => (written.IsConditional ? "?" : "") + written.Markup)));

    [Theory]
    [InlineData("<script src=//cdn.test/jquery.js></script>", true, "")]
    [InlineData("<script src=//cdn.test/jquery.js></script>", false, "WrittenByScript:/jquery.js")]
    [InlineData("<script src=/own.js></script>", false, "HeadScript:/own.js")]
    [InlineData("", false, "")]
    public async Task A_substitute_is_needed_where_the_real_one_is_out_of_reach(string before, bool isReachable, string expected)
    {
        var page = System.Text.Encoding.UTF8.GetBytes(before + "<script>window.jQuery || document.write('<script src=/jquery.js>\\x3C/script>')</script>");
        var analysis = await new PageAnalyzer().AnalyzeAsync(page, Page.Address, null, new Reach(isReachable), ClientProfile.Desktop, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(expected, Site.Found(analysis));
    }

    private sealed class Reach(bool isReachable) : ISubresourceSource
    {
        public ValueTask<StylesheetText?> GetAsync(Uri url, CancellationToken cancellation) => default;

        public ValueTask<bool> IsReachableAsync(Uri url, CancellationToken cancellation) => new(isReachable);
    }
}
