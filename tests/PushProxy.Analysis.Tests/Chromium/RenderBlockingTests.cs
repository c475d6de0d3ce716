using System.Text;

namespace PushProxy.Analysis.Tests.Chromium;

/// <summary>
/// The measure of "critical": Chromium says of every resource whether it blocked rendering
/// (<c>PerformanceResourceTiming.renderBlockingStatus</c>).
/// </summary>
[Collection(nameof(Browser))]
public class RenderBlockingTests(Browser browser)
{
    public static TheoryData<string> Pages { get; } =
    [
        // Stylesheets
        "<link rel=stylesheet href=a.css><script src=a.js></script>",
        "<link rel=stylesheet href=a.css media=print><link rel=stylesheet href=b.css media=screen>",
        "<link rel=stylesheet href=a.css media='(max-width:100px)'><link rel=stylesheet href=b.css media='(min-width:100px)'>",
        "<link rel=stylesheet href=a.css media='not all'><link rel=stylesheet href=b.css media='not print'>",
        "<link rel=stylesheet href=a.css media=' '><link rel=stylesheet href=b.css media=','><link rel=stylesheet href=c.css media='print,,screen'>",
        "<link rel=stylesheet href=a.css media='(-ms-high-contrast:none)'><link rel=stylesheet href=b.css media='(min-width:0\\0)'>",
        "<link rel=stylesheet href=a.css media='screen and(color)'><link rel=stylesheet href=b.css media='screen and (color'>",
        "<link rel=stylesheet href=a.css disabled><link rel=stylesheet href=b.css>",
        "<link rel='alternate stylesheet' title=x href=a.css><link rel='stylesheet alternate' href=b.css><link rel='alternate stylesheet' title='' href=c.css>",
        "<link rel=stylesheet title=x href=a.css><link rel=stylesheet title=y href=b.css><link rel=stylesheet href=c.css>",
        "<link rel='x stylesheet' href=a.css><link rel='STYLESHEET \nx' href=b.css>",
        "<link rel=stylesheet type=text/css href=a.css><link rel=stylesheet type='text/css; charset=x' href=b.css><link rel=stylesheet type=text/less href=c.css>",
        "<link rel=stylesheet type='' href=a.css><link rel=stylesheet type=' ' href=b.css><link rel=stylesheet type=' text/css ' href=c.css>",
        "<link rel=stylesheet type=css href=a.css><link rel=stylesheet type=TEXT/CSS href=b.css><link rel=stylesheet type='text/css,' href=c.css>",
        "<link rel=stylesheet href=a.css media=print onload=\"this.media='all'\"><link rel=stylesheet href=b.css>",
        "<link rel=stylesheet href=''><link rel=stylesheet href=' '><link rel=stylesheet href=' a.css '><link rel=stylesheet href='b\n.css'>",
        "<link rel=stylesheet href=a.css crossorigin><link rel=stylesheet href=b.css fetchpriority=low><link rel=stylesheet href=c.css nonce=''>",
        "<link rel=preload as=style href=a.css><link rel=prefetch href=b.css><link rel=stylesheet href=c.css>",
        "<link rel=preload as=style href=a.css><link rel=stylesheet href=a.css><link rel=preload as=script href=a.js><script src=a.js></script>",
        "<link rel=stylesheet href=a.css media=print><link rel=stylesheet href=a.css><link rel=stylesheet href=b.css><link rel=stylesheet href=b.css media=print>",

        // Scripts
        "<script src=a.js async></script><script src=b.js defer></script><script src=c.js type=module></script><script src=d.js nomodule></script><script src=e.js></script>",
        "<script src=a.js async blocking=render></script><script src=b.js defer blocking=render></script><script src=c.js type=module blocking=render></script>",
        "<script src=a.js async blocking='x render'></script><script src=b.js async blocking=RENDER></script><script src=c.js nomodule blocking=render></script>",
        "<script src=a.js type=''></script><script src=b.js type=' '></script><script src=c.js type=' text/javascript '></script><script src=d.js type='text/javascript; charset=utf-8'></script>",
        "<script src=a.js type=TEXT/ECMAScript></script><script src=b.js type=text/jscript></script><script src=c.js type=javascript></script><script src=d.js type=text/x-javascript></script>",
        "<script src=a.js language=javascript></script><script src=b.js language=vbscript></script><script src=c.js language=''></script><script src=d.js language=' javascript'></script><script src=e.js language=javascript1.2></script>",
        "<script src=a.js type=text/plain></script><script src=b.js type=importmap></script><script src=c.js type='' language=vbscript></script>",
        "<script src=a.js for=window event=onload></script><script src=b.js for=window event='onload()'></script><script src=c.js for=x event=onload></script><script src=d.js for=x></script>",
        "<script src=''></script><script src=' a.js '></script><script src></script>",

        // What is no content, or of another kind
        "<noscript><link rel=stylesheet href=a.css></noscript><link rel=stylesheet href=b.css>",
        "<template><link rel=stylesheet href=a.css><script src=a.js></script></template><link rel=stylesheet href=b.css>",
        "<!--[if IE]><link rel=stylesheet href=a.css><![endif]--><!--[if !IE]><!--><link rel=stylesheet href=b.css><!--<![endif]-->",
        "<!-- <link rel=stylesheet href=a.css> --!><link rel=stylesheet href=b.css><!--> <link rel=stylesheet href=c.css> -->",
        "<title><link rel=stylesheet href=a.css></title><style></style><link rel=stylesheet href=b.css>",
        "<script>document.title='<!--<script>'</script><link rel=stylesheet href=a.css>",
        "<svg><script src=a.js></script></svg><math><script src=b.js></script></math>",

        // Base
        "<base href=/x/><link rel=stylesheet href=a.css><base href=/y/><script src=b.js></script>",
        "<link rel=stylesheet href=a.css><base href=/x/><link rel=stylesheet href=b.css>",
        "<base href='data:,x'><link rel=stylesheet href=a.css>",
        "<base href='  '><link rel=stylesheet href=a.css><script src=?x.js></script>",
        "<base href='ftp://h/'><link rel=stylesheet href=a.css>",

        // Where the body begins
        "<html><link rel=stylesheet href=a.css><body><p>x",
        "<head></head><link rel=stylesheet href=a.css><script src=a.js></script><body><p>x",
        "<head></head> <template></template><link rel=stylesheet href=a.css><body><p>x",
        "<head></head><title>x</title><link rel=stylesheet href=a.css><meta name=x><script src=b.js></script><body><p>x",
        "<head><meta charset=utf-8><div></div><link rel=stylesheet href=a.css></head><body>x<link rel=stylesheet href=b.css>",
        "<head><link rel=stylesheet href=a.css><img src=x.js><link rel=stylesheet href=b.css><script src=a.js></script></head><body>x",
        "<head><noscript><img src=x.js></noscript><link rel=stylesheet href=a.css></head><body>x",
        "<body><link rel=stylesheet href=a.css><p>x</p><script src=a.js></script></body>",
        "<body><script src=a.js blocking=render></script><script src=b.js async blocking=render></script><link rel=stylesheet href=c.css blocking=render>",
        "<p>x</p><link rel=stylesheet href=a.css><script src=a.js></script><script src=b.js async></script>",
        "<p>x<body><link rel=stylesheet href=a.css>",
        "<p><template><body></template><link rel=stylesheet href=a.css>",
        "<!-- <body> --><p><script>'<body>'</script><noscript><body></noscript><link rel=stylesheet href=a.css>",
        "<object><link rel=stylesheet href=a.css></object>",
        "<bgsound src=x.js><basefont><link rel=stylesheet href=a.css><noframes><link rel=stylesheet href=b.css></noframes>",

        // URLs
        "<link rel=stylesheet href=a.css /><script src=a.js /></script><link rel=stylesheet href=b.css>",
        "<link rel=stylesheet href=a.css rel=icon href=b.css>",
        "<link rel=stylesheet href=ä.css?ö><script src='b c.js'></script>",
        "<link rel=stylesheet href=\\x\\a.css><script src=/x/../b.js></script><script src='/%7e|{}^`.js'></script>",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task What_chromium_calls_blocking_is_critical_and_nothing_else(string html)
    {
        var bytes = Encoding.UTF8.GetBytes("<!DOCTYPE html>" + html);
        await browser.ShowAsync(bytes);
        var blocking = await browser.Page.EvaluateAsync<string[]>(
            "performance.getEntriesByType('resource').filter(e => e.renderBlockingStatus === 'blocking').map(e => e.name)");
        var ours = new List<string>();
        foreach (var resource in new PageAnalyzer().Analyze(bytes, browser.Address, "utf-8", cancellation: TestContext.Current.CancellationToken).Resources.Where(resource => resource.Blocking))
        {
            if (await browser.Page.EvaluateAsync<bool>("media => matchMedia(media).matches", resource.Media ?? "all"))
            {
                ours.Add(resource.Url.AbsoluteUri);
            }
        }

        Assert.Equal(blocking.Distinct().Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
    }
}
