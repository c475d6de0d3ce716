using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Comparing;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>With delivery switched off nothing at all is added, not even to a page seen before.</summary>
public sealed class SwitchedOffTests
{
    [Fact]
    public async Task A_page_passes_without_an_addition()
    {
        await using var site = await Site.StartAsync();
        site.Origin.On("/", Cases.Pages.Html(Cases.Pages.Ordinary));
        await using var stock = await StockYarp.StartAsync(site.Configuration, site.Certificate);
        await using var ours = await PushProxyProcess.StartAsync(
            site.Certificate, "--config", site.ConfigurationFile, "--PushProxy:Defaults:Delivery=off");
        using var http2 = new Http2Client();
        for (var view = 1; view <= 3; view++)
        {
            var expected = await http2.SendAsync(stock.Secure, new ClientRequest("GET", "/"), Exchange.Begin());
            var actual = await http2.SendAsync(ours.Secure, new ClientRequest("GET", "/"), Exchange.Begin());
            Assert.Equal(expected.Lines, actual.Lines);
        }
    }

    [Fact]
    public async Task The_origins_own_103_passes_as_the_rest_of_what_it_says()
    {
        await using var origin = new ScriptedSite();
        using var certificate = new TestCertificate();
        origin.On("/", static request => request.WriteAsync(
            "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload; as=style\r\n\r\n"
            + RawRequest.Response("200 OK", "Content-Type: text/html", Cases.Pages.Ordinary)));
        await using var proxy = await PushProxyProcess.StartAsync(
            certificate, "--origin", origin.Url.AbsoluteUri, "--PushProxy:Defaults:Delivery=off");
        for (var view = 1; view <= 2; view++)
        {
            var seen = await Nghttp.RunAsync(new Uri(proxy.Secure, "/"), "--no-push", "accept: text/html");
            Assert.Equal(["/a.css"], Assert.Single(seen.Hints).Preloads);
        }
    }
}
