using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.AccessLog;

/// <summary>One program with an access log, in front of an origin that answers as the path says.</summary>
public sealed class AccessLogFixture : IAsyncLifetime
{
    private const string Html = "<!DOCTYPE html><title>a</title><link rel=stylesheet href=/a.css><script src=/a.js></script>";
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _asked = [];
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TempFolder _folder = new();

    internal TestSite Site { get; private set; } = null!;

    internal LoggedProxy Proxy { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Site = await TestSite.StartAsync(AnswerAsync);
        Proxy = await LoggedProxy.StartAsync(
            Site.Address, _folder["access.log"], "--PushProxy:TrustedProxies=127.0.0.1", "--PushProxy:Learning:NamedBy=1", "--PushProxy:Defaults:Compression=false",
            "--ReverseProxy:Routes:gone:Match:Path=/gone", "--ReverseProxy:Routes:gone:ClusterId=gone",
            "--ReverseProxy:Clusters:gone:Destinations:only:Address=http://127.0.0.1:1");
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Site.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Waits until the origin has been asked for a path.</summary>
    public Task AskedAsync(string path) => Asked(path).Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Lets the origin break off what it has begun.</summary>
    public void Break() => _broken.SetResult();

    private TaskCompletionSource Asked(string path) =>
        _asked.GetOrAdd(path, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        Asked(path).TrySetResult();
        switch (path.Split('/')[1])
        {
            case "page":
                http.Response.ContentType = "text/html";
                await http.Response.WriteAsync(Html);
                break;
            case "never":
                await ForeverAsync(http);
                break;
            case "half":
                await BeginAsync(http);
                await ForeverAsync(http);
                break;
            case "broken":
                await BeginAsync(http);
                await _broken.Task.WaitAsync(http.RequestAborted);
                http.Abort();
                break;
            case "tunnel":
                await using (var tunnel = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync())
                {
                    await tunnel.WriteAsync("hello"u8.ToArray());
                }

                break;
            default:
                http.Response.ContentType = path.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript" : "text/css";
                http.Response.Headers.CacheControl = "max-age=600";
                http.Response.Headers.ETag = "\"1\"";
                await http.Response.WriteAsync("a { }\n");
                break;
        }
    }

    private static async Task BeginAsync(HttpContext http)
    {
        await http.Response.WriteAsync("half");
        await http.Response.Body.FlushAsync();
    }

    private static async Task ForeverAsync(HttpContext http) =>
        await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
