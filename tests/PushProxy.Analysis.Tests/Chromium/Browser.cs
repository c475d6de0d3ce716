using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using PushProxy.Testing;

namespace PushProxy.Analysis.Tests.Chromium;

/// <summary>Debian's Chromium, and a site for it to look at: one page, and a file of the right type for every other URL.</summary>
public sealed class Browser : IAsyncLifetime
{
    private WebApplication? _site;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private int _shown;
    private int _answered;
    private volatile byte[] _html = [];
    private volatile string _contentType = "";

    /// <summary>An open page on the site's own origin.</summary>
    public IPage Page { get; private set; } = null!;

    /// <summary>The address of the page; another one for each that is shown, so that nothing is found in a cache.</summary>
    public Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var chromium = ExternalTool.Require("chromium");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _site = builder.Build();
        _site.Run(AnswerAsync);
        await _site.StartAsync();

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox"] });
        Page = await _browser.NewPageAsync();
        await ShowAsync("<title>ready</title>"u8.ToArray());
    }

    /// <summary>Shows a page and waits until all it names has been loaded.</summary>
    public async Task ShowAsync(byte[] html, string contentType = "text/html; charset=utf-8")
    {
        (_html, _contentType, _answered) = (html, contentType, 0);
        Address = new Uri($"{_site!.Urls.Single()}/{++_shown}/page.html?q=1");
        await Page.GotoAsync(Address.OriginalString, new() { WaitUntil = WaitUntilState.Load });

        // The load event does not wait until all that was loaded has its entry.
        await Page.WaitForFunctionAsync(
            "count => performance.getEntriesByType('resource').filter(entry => !entry.name.endsWith('/favicon.ico')).length >= count",
            _answered);
    }

    public async ValueTask DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? default);
        _playwright?.Dispose();
        await (_site?.DisposeAsync() ?? default);
    }

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        context.Response.Headers.CacheControl = "no-store";
        if (path.EndsWith("/page.html", StringComparison.Ordinal))
        {
            context.Response.ContentType = _contentType;
            return context.Response.Body.WriteAsync(_html).AsTask();
        }

        if (path != "/favicon.ico")
        {
            Interlocked.Increment(ref _answered);
        }

        context.Response.ContentType = path.Contains(".css", StringComparison.Ordinal) ? "text/css" : "text/javascript";
        return context.Response.WriteAsync("/* */");
    }
}
