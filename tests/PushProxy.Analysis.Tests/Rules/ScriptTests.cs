namespace PushProxy.Analysis.Tests.Rules;

public class ScriptTests
{
    [Theory]
    [InlineData("<script src=/a.js></script>")]
    [InlineData("<script src=/a.js>")]
    [InlineData("<SCRIPT SRC=/a.js></SCRIPT>")]
    [InlineData("<script src=/a.js type=text/javascript></script>")]
    [InlineData("<script src=/a.js type=' Application/JavaScript '></script>")]
    [InlineData("<script src=/a.js type=text/javascript1.5></script>")]
    [InlineData("<script src=/a.js type=''></script>")]
    [InlineData("<script src=/a.js language=JavaScript></script>")]
    [InlineData("<script src=/a.js language=''></script>")]
    [InlineData("<script src=/a.js type=text/javascript language=vbscript></script>")]
    [InlineData("<script src=/a.js async blocking=render></script>")]
    [InlineData("<script src=/a.js defer blocking='x render'></script>")]
    [InlineData("<script src=/a.js type=module blocking=render></script>")]
    [InlineData("<body><script src=/a.js async blocking=render></script>")]
    [InlineData("<p>no body tag</p><script src=/a.js></script>")]
    public void Critical(string html) => Assert.Equal(("/a.js", ""), (Page.Critical(html), Page.Skipped(html)));

    [Theory]
    [InlineData("<script src=/a.js async></script>", AnalysisSkip.AsyncScript)]
    [InlineData("<script src=/a.js async=false></script>", AnalysisSkip.AsyncScript)]
    [InlineData("<script src=/a.js async defer></script>", AnalysisSkip.AsyncScript)]
    [InlineData("<script src=/a.js defer></script>", AnalysisSkip.DeferredScript)]
    [InlineData("<script src=/a.js type=module></script>", AnalysisSkip.ModuleScript)]
    [InlineData("<script src=/a.js type=Module async></script>", AnalysisSkip.AsyncScript)]
    [InlineData("<script src=/a.js nomodule></script>", AnalysisSkip.NoModule)]
    [InlineData("<script src=/a.js type=text/template></script>", AnalysisSkip.UnsupportedType)]
    [InlineData("<script src=/a.js type='text/javascript; charset=utf-8'></script>", AnalysisSkip.UnsupportedType)]
    [InlineData("<script src=/a.js type=importmap></script>", AnalysisSkip.UnsupportedType)]
    [InlineData("<script src=/a.js type=' '></script>", AnalysisSkip.UnsupportedType)]
    [InlineData("<script src=/a.js language=vbscript></script>", AnalysisSkip.UnsupportedType)]
    [InlineData("<script src=/a.js nonce=abc></script>", AnalysisSkip.Nonce)]
    [InlineData("<body><script src=/a.js></script>", AnalysisSkip.InBody)]
    [InlineData("<body><script src=/a.js async></script>", AnalysisSkip.InBody)]
    [InlineData("<p>text<body><script src=/a.js></script>", AnalysisSkip.InBody)]
    [InlineData("<script src=/a.js async blocking=RENDER></script>", AnalysisSkip.AsyncScript)]
    public void NotCritical(string html, AnalysisSkip reason) => Assert.Equal(("", $"/a.js:{reason}"), (Page.Critical(html), Page.Skipped(html)));

    [Theory]
    [InlineData("<script>load('/a.js')</script>")]
    [InlineData("<script data-src=/a.js></script>")]
    [InlineData("<noscript><script src=/a.js></script></noscript>")]
    [InlineData("<template><script src=/a.js></script></template>")]
    [InlineData("<!--[if IE]><script src=/a.js></script><![endif]-->")]
    [InlineData("<script>'<script src=/a.js>'</script>")]
    [InlineData("<textarea><script src=/a.js></script></textarea>")]
    [InlineData("<svg><script src=/a.js></script></svg>")]
    [InlineData("<svg><script href=/a.js /></svg>")]
    public void NoScriptAtAll(string html) => Assert.Equal(("", ""), (Page.Critical(html), Page.Skipped(html)));

    [Fact]
    public void A_module_is_asked_for_with_cors() =>
        Assert.Equal(CrossOriginMode.Anonymous, Assert.Single(Page.Analyze("<script src=a.js type=module blocking=render></script>").Resources).CrossOrigin);
}
