using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PushProxy.Forwarding.Beacon;

namespace PushProxy.Tests.Forwarding.Beacon;

/// <summary>A site whose pages get the beacon, and what its visitors send.</summary>
internal sealed class BeaconSite : IAsyncDisposable
{
    public const string Html = "<!doctype html><html><head><title>page</title></head><body>text</body></html>";

    private readonly HttpClient _client;

    private BeaconSite(ProxiedSite site)
    {
        Site = site;
        _client = new HttpClient { BaseAddress = new Uri(site.Address) };
        Pages = new Counters(site, "pushproxy.beacon.pages");
        Records = new Counters(site, "pushproxy.beacon.records");
        Errors = new Counters(site, "pushproxy.errors");
    }

    public ProxiedSite Site { get; }

    public Counters Pages { get; }

    public Counters Records { get; }

    public Counters Errors { get; }

    /// <summary>Where the script is.</summary>
    public static string Script { get; } = BeaconScript.PathFor("all");

    /// <summary>The tag without a nonce.</summary>
    public static string Tag { get; } = Encoding.ASCII.GetString(BeaconScript.Tag(Script, nonce: null));

    /// <summary>The page with its tag.</summary>
    public static string Tagged(string html, string? tag = null) => html.Replace("<head>", "<head>" + (tag ?? Tag), StringComparison.Ordinal);

    public static async Task<BeaconSite> StartAsync(
        RequestDelegate origin, Func<DeliveryPolicy, DeliveryPolicy>? policy = null, IViewGroups? views = null, bool isServed = true,
        Action<PushProxyOptions>? configure = null, string? policyName = null)
    {
        return new BeaconSite(await ProxiedSite.StartAsync(
            origin,
            options =>
            {
                options.Defaults = options.Defaults with { Beacon = true, DebugHeader = false };
                options.Defaults = policy?.Invoke(options.Defaults) ?? options.Defaults;
                configure?.Invoke(options);
            },
            policyName,
            services: services =>
            {
                if (isServed)
                {
                    services.AddSingleton<IStartupFilter, Served>();
                }

                if (views is not null)
                {
                    services.Replace(ServiceDescriptor.Singleton(views));
                }
            }));
    }

    /// <summary>Asks as a browser navigates.</summary>
    public Task<(HttpResponseMessage Response, string Body)> ViewAsync(string path = "/", params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Get, path, content: null, [("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Mode", "navigate"), .. fields]);

    /// <summary>Sends a record.</summary>
    public async Task<HttpStatusCode> TellAsync(string record, params (string Name, string Value)[] fields) => (await SendAsync(
        HttpMethod.Post, Script, new StringContent(record), fields.Length == 0 ? [("Sec-Fetch-Site", "same-origin")] : fields)).Response.StatusCode;

    public async Task<(HttpResponseMessage Response, string Body)> SendAsync(
        HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in fields)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await _client.SendAsync(request);
        return (response, Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var counters in (Counters[])[Pages, Records, Errors])
        {
            counters.Dispose();
        }

        await Site.DisposeAsync();
    }

    private sealed class Served : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UsePushProxyBeacon();
            next(app);
        };
    }
}
