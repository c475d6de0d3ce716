using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PushProxy.Server.Tests.Support;

/// <summary>An origin that answers as a test tells it.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestSite(WebApplication app) => _app = app;

    /// <summary>As in <c>http://127.0.0.1:4711</c>, without a slash at the end.</summary>
    public string Address => _app.Urls.Single();

    public static async Task<TestSite> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestSite(app);
    }

    /// <summary>A site that answers everything with one text, so that a test sees which site it was.</summary>
    public static Task<TestSite> SayingAsync(string text) => StartAsync(http => http.Response.WriteAsync(text));

    /// <summary>A site with one HTML page everywhere.</summary>
    public static Task<TestSite> WithPageAsync(string html) => StartAsync(http =>
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(html);
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
