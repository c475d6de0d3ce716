using Microsoft.AspNetCore.Builder;
using PushProxy.EndToEnd.PassThrough;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Comparing;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Harness;

/// <summary>A YARP that does something wrong is found out, over every wire.</summary>
public sealed class AlteredProxyTests
{
    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    [InlineData("h2")]
    public async Task A_header_that_differs_is_reported(string wire)
    {
        var differences = await CompareAsync(wire, app => app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers["X-Changed"] = "yes";
                return Task.CompletedTask;
            });
            return next(context);
        }));
        Assert.Contains("+ header X-Changed: yes", differences, StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    [InlineData("h2")]
    public async Task A_request_that_differs_is_reported(string wire)
    {
        var differences = await CompareAsync(wire, app => app.Use((context, next) =>
        {
            context.Request.Headers.AcceptEncoding = "gzip";
            return next(context);
        }));
        Assert.Contains("+ header Accept-Encoding: gzip", differences);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    [InlineData("h2")]
    public async Task A_body_that_is_held_back_is_reported(string wire)
    {
        var differences = await CompareAsync(wire, app => app.Use(async (context, next) =>
        {
            var client = context.Response.Body;
            using var held = new MemoryStream();
            context.Response.Body = held;
            await next(context);
            await client.WriteAsync(held.ToArray());
        }));
        Assert.Contains(differences, d => d.StartsWith("- body: 6 bytes", StringComparison.Ordinal));
    }

    private static async Task<List<string>> CompareAsync(string wire, Action<WebApplication> alter)
    {
        await using var site = await Site.StartAsync();
        // A client that gives up after three seconds stands for a person who waits in vain.
        site.Origin.On("/", async request =>
        {
            await request.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\none");
            await Task.WhenAny(request.ClientHasAsync(3), Task.Delay(TimeSpan.FromSeconds(3)));
            await (request.Exchange.Client.Level >= 3 ? request.WriteAsync("two") : Task.Run(request.Close));
        });
        await using var stock = await StockYarp.StartAsync(site.Configuration, site.Certificate);
        await using var altered = await StockYarp.StartAsync(site.Configuration, site.Certificate, alter);
        using var http2 = new Http2Client();
        IClient client = wire == "h2" ? http2 : new RawClient();
        var (first, second) = (Exchange.Begin(), Exchange.Begin());
        var reference = await client.SendAsync(wire == "http" ? stock.Cleartext : stock.Secure, new ClientRequest("GET", "/"), first);
        var actual = await client.SendAsync(wire == "http" ? altered.Cleartext : altered.Secure, new ClientRequest("GET", "/"), second);
        Assert.StartsWith("end: complete", reference.Lines[^1], StringComparison.Ordinal);
        return
        [
            .. Comparison.Differences(reference, actual, allowOurs: true),
            .. Comparison.Differences(first.OriginSaw, second.OriginSaw, allowOurs: false),
        ];
    }
}
