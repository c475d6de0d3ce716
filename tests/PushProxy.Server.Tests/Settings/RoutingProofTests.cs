using Microsoft.Extensions.Configuration;
using PushProxy.Server.Configuration;
using PushProxy.Server.Hosting;

namespace PushProxy.Server.Tests.Settings;

/// <summary>What YARP and routing say when they build the routes.</summary>
public class RoutingProofTests
{
    [Theory]
    [InlineData("example.org", true)]
    [InlineData("WWW.Example.org:8443", true)]
    [InlineData("*.example.org", true)]
    [InlineData("*.example.org:*", true)]
    [InlineData("*", true)]
    [InlineData("*:80", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("web_1", true)]
    [InlineData("bücher.example", true)]
    [InlineData("http://a", false)]
    [InlineData("https://www.example.org", false)]
    [InlineData("a:80:90", false)]
    [InlineData("a:x", false)]
    [InlineData("a:99999", false)]
    [InlineData("a:", false)]
    [InlineData(":80", false)]
    [InlineData("[::1]", false)]
    [InlineData("::1", false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData("*a.example.org", false)]
    [InlineData("a.*", false)]
    public async Task Host_that_routing_cannot_match_is_named(string host, bool isGood)
    {
        var errors = await Validation.ErrorsOfAsync(Routes($$""" "a": { "Match": { "Hosts": ["{{host}}"] } } """));

        Assert.Equal(isGood, errors.Length == 0);
        Assert.True(isGood || errors[0].StartsWith($"ReverseProxy:Routes:a:Match:Hosts:0: '{host}'", StringComparison.Ordinal), string.Join('\n', errors));
    }

    [Theory]
    // Only the name of a parameter, or how a catch-all is written, is different.
    [InlineData("/{**x}", "/{**y}", true)]
    [InlineData("/{*x}", "/{**y}", true)]
    [InlineData("/{a}/b", "/{c}/B", true)]
    [InlineData("/{a:int}", "/{b:int}", true)]
    [InlineData("/a-{b}.{c?}", "/a-{d}.{e?}", true)]
    // They meet in some requests.
    [InlineData("/a/{b?}", "/a/{c}", true)]
    [InlineData("/{a:int}", "/{b:long}", true)]
    // Each has requests of its own, or routing knows which is meant.
    [InlineData("/{a}/b", "/{a}/c", false)]
    [InlineData("/{**x}", "/{x}", false)]
    [InlineData("/{a:int}", "/{b}", false)]
    [InlineData("/{a:int}", "/{b:guid}", false)]
    [InlineData("/a/{b}", "/{a}/b", false)]
    [InlineData("/a/{**b}", "/{**b}", false)]
    public async Task Paths_that_would_be_answered_with_500_are_found(string first, string second, bool isAmbiguous)
    {
        var errors = await Validation.ErrorsOfAsync(Routes($$""" "a": { "Match": { "Path": "{{first}}" } }, "b": { "Match": { "Path": "{{second}}" } } """));

        Assert.Equal(isAmbiguous ? 1 : 0, errors.Length);
        Assert.All(errors, static e => Assert.EndsWith("give one of them another Match or Order", e, StringComparison.Ordinal));
        Assert.Empty(await Validation.ErrorsOfAsync(Routes($$""" "a": { "Order": -1, "Match": { "Path": "{{first}}" } }, "b": { "Match": { "Path": "{{second}}" } } """)));
    }

    [Theory]
    [InlineData(""" "Hosts": ["a.test", "b.test"] """, """ "Hosts": ["c.test", "b.test"] """, true)]
    [InlineData(""" "Hosts": ["a.test"] """, """ "Hosts": ["b.test"] """, false)]
    [InlineData(""" "Hosts": ["a.test"] """, """ "Path": "/{**all}" """, false)]
    [InlineData(""" "Path": "/x", "Methods": ["GET", "PUT"] """, """ "Path": "/x", "Methods": ["PUT", "POST"] """, true)]
    [InlineData(""" "Path": "/x", "Methods": ["GET"] """, """ "Path": "/x", "Methods": ["POST"] """, false)]
    [InlineData(""" "Path": "/x", "Headers": [{ "Name": "X-A", "Values": ["1"] }] """, """ "Path": "/x", "Headers": [{ "Name": "X-A", "Values": ["2"] }] """, false)]
    [InlineData(""" "Path": "/x", "Headers": [{ "Name": "X-A", "Mode": "Exists" }] """, """ "Path": "/x" """, false)]
    [InlineData(""" "Path": "/x", "QueryParameters": [{ "Name": "a", "Mode": "Exists" }] """, """ "Path": "/x" """, false)]
    public async Task Routes_that_meet_in_some_requests_are_found(string first, string second, bool isAmbiguous)
    {
        var errors = await Validation.ErrorsOfAsync(Routes($$""" "a": { "Match": { {{first}} } }, "b": { "Match": { {{second}} } } """));

        Assert.Equal(isAmbiguous ? 1 : 0, errors.Length);
        Assert.All(errors, static e => Assert.Matches("^ReverseProxy:Routes:.: .* is for several routes, and would be answered with 500: ", e));
    }

    [Fact]
    public async Task What_only_routing_refuses_is_an_error_whatever_it_is()
    {
        // Straight to the proof, because the checks before it would have named this host.
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ReverseProxy:Routes:a:ClusterId"] = "c",
            ["ReverseProxy:Routes:a:Match:Hosts:0"] = "a:80:90",
            ["ReverseProxy:Clusters:c:Destinations:d:Address"] = "http://127.0.0.1:8000",
        }).Build();

        var error = Assert.Single(await RoutingProof.TryAsync(configuration.GetSection("ReverseProxy"), hasOrigin: false));

        Assert.Equal("ReverseProxy:Routes: can't be used: Could not parse host: a:80:90", error.ToString());
    }

    [Fact]
    public async Task What_YARP_says_of_a_change_is_passed_on()
    {
        var applied = new AppliedConfiguration();

        Assert.Null(await applied.ApplyAsync(() => applied.ConfigurationApplied([])));
        Assert.Equal("no", (await applied.ApplyAsync(() => applied.ConfigurationApplyingFailed([], new InvalidOperationException("no"))))?.Message);
        Assert.Equal("never", (await applied.ApplyAsync(static () => throw new InvalidOperationException("never")))?.Message);
    }

    private static string Routes(string routes) => $$"""
        { "PushProxy": { "Origin": "http://127.0.0.1:8000" }, "ReverseProxy": { "Routes": { {{routes}} } } }
        """;
}
