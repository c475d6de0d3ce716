using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>A route picks by its metadata how its pages are delivered.</summary>
public sealed class ModeTests(ModeTests.Modes modes) : IClassFixture<ModeTests.Modes>
{
    private const string Html = "accept: text/html";

    [Theory]
    [InlineData("auto", true, false, false)]
    [InlineData("push", true, false, false)]
    [InlineData("early-hints", false, true, true)]
    [InlineData("link", false, false, true)]
    [InlineData("off", false, false, false)]
    public async Task A_client_that_takes_pushes_gets(string mode, bool pushes, bool hints, bool links) =>
        await CheckAsync(mode, await Nghttp.RunAsync(await modes.PageAsync(mode), Html), pushes, hints, links);

    [Theory]
    [InlineData("auto", false, true, true)]
    [InlineData("push", false, false, true)]
    [InlineData("early-hints", false, true, true)]
    [InlineData("link", false, false, true)]
    [InlineData("off", false, false, false)]
    public async Task A_client_that_refuses_pushes_gets(string mode, bool pushes, bool hints, bool links) =>
        await CheckAsync(mode, await Nghttp.RunAsync(await modes.PageAsync(mode), Html, "--no-push"), pushes, hints, links);

    [Fact]
    public async Task No_more_is_pushed_than_the_policy_allows()
    {
        var seen = await Nghttp.RunAsync(await modes.PageAsync("few"), Html);
        Assert.Equal(["/few/a.css"], seen.Promised);
        Assert.Equal(["/few/b.js"], seen.Page!.Preloads);
        Assert.Contains(
            "\"/few/b.js\";as=script;found=head-script;sent=link;not-pushed=over-push-count", seen.Page.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_bytes_are_pushed_than_the_policy_allows()
    {
        // Their sizes are known once they have been asked for.
        var page = await modes.PageAsync("small");
        await Nghttp.RunAsync(new Uri(page, "a.css"));
        await Nghttp.RunAsync(new Uri(page, "b.js"));
        var seen = await Nghttp.RunAsync(page, Html);
        Assert.Equal(["/small/b.js"], seen.Promised);
        Assert.Equal(["/small/a.css"], seen.Page!.Preloads);
        Assert.Contains("not-pushed=over-push-bytes", seen.Page.Decision, StringComparison.Ordinal);
    }

    private static Task CheckAsync(string mode, Http2Trace seen, bool pushes, bool hints, bool links)
    {
        string[] both = [$"/{mode}/a.css", $"/{mode}/b.js"];
        Assert.Equal(pushes ? both : [], seen.Promised);
        Assert.Equal(hints ? 1 : 0, seen.Hints.Count);
        Assert.Equal(links ? both : [], seen.Page!.Preloads);
        var decision = mode switch
        {
            "off" => "none;skip=off",
            "link" => "learned;not-early=channel-off",
            "push" when !pushes => "learned;not-early=push-off",
            _ => "learned",
        };
        Assert.Equal(decision, seen.Page.Decision.Split(',')[0]);
        return Task.CompletedTask;
    }

    /// <summary>The program with a route for each mode, in front of a site.</summary>
    public sealed class Modes : IAsyncLifetime
    {
        private readonly ScriptedSite _origin = new();
        private readonly TestCertificate _certificate = new();
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pushproxy-modes-");
        private PushProxyProcess _proxy = null!;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            var file = Path.Combine(_folder.FullName, "modes.json");
            await File.WriteAllTextAsync(file, Configuration(_origin.Url));
            _proxy = await PushProxyProcess.StartAsync(_certificate, "--config", file);
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
            await _origin.DisposeAsync();
            _certificate.Dispose();
            _folder.Delete(recursive: true);
        }

        /// <summary>A page in the folder of this mode, once it has been learned.</summary>
        internal async Task<Uri> PageAsync(string mode)
        {
            var page = new Uri(_proxy.Secure, $"/{mode}/");
            string[] resources = [$"/{mode}/a.css", $"/{mode}/b.js"];
            _origin.Page($"/{mode}/", EarlySite.Elements(resources));
            _origin.Files(resources);
            if (mode == "small")
            {
                _origin.On($"/{mode}/a.css", "200 OK", "Content-Type: text/css\nCache-Control: max-age=60", new string(' ', 5000));
            }

            var wanted = mode == "off" ? "none" : "learned";
            await EarlySite.UntilToldAsync(page, () => _proxy.Log, wanted);
            return page;
        }

        private static string Configuration(Uri origin)
        {
            string[] modes = ["auto", "push", "early-hints", "link", "off", "few", "small"];
            var routes = modes.Select(m => $$"""
                "{{m}}": {
                  "ClusterId": "site",
                  "Match": { "Path": "/{{m}}/{**all}" },
                  "Metadata": { "PushProxy.Policy": "{{(m == "off" ? m : "my-" + m)}}" }
                }
                """);
            return $$"""
                {
                  "PushProxy": {
                    "Defaults": { "DebugHeader": true },
                    "Policies": {
                      "my-auto": { "Delivery": "Auto" },
                      "my-push": { "Delivery": "Push" },
                      "my-early-hints": { "Delivery": "EarlyHints" },
                      "my-link": { "Delivery": "Link" },
                      "my-few": { "MaxPushes": 1 },
                      "my-small": { "MaxPushBytes": 4000 }
                    }
                  },
                  "ReverseProxy": {
                    "Routes": { {{string.Join(", ", routes)}} },
                    "Clusters": { "site": { "Destinations": { "d": { "Address": "{{origin}}" } } } }
                  }
                }
                """;
        }
    }
}
