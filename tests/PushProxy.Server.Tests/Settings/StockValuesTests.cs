namespace PushProxy.Server.Tests.Settings;

/// <summary>Values in the sections of others that are read as something else than what was meant, or fail only when they are used.</summary>
public class StockValuesTests
{
    [Theory]
    [InlineData("""{ "SslProtocols": ["Tls12", "Tls13"] }""", null)]
    [InlineData("""{ "SslProtocols": ["Tls12"], "MaxConnectionsPerServer": 5 }""", null)]
    [InlineData("""{ "SslProtocols": "Tls12" }""", "SslProtocols: must be a list such as [\"Tls12\", \"Tls13\"], but is 'Tls12'")]
    [InlineData("""{ "SslProtocols": ["Tls99"] }""", "SslProtocols:0: Requested value 'Tls99' was not found.")]
    [InlineData("""{ "MaxConnectionsPerServer": "many" }""", "MaxConnectionsPerServer: The input string 'many' was not in a correct format.")]
    public async Task Values_of_the_client_are_read_as_YARP_reads_them(string client, string? error) =>
        Assert.Equal(Expected("ReverseProxy:Clusters:c:HttpClient:", error), await ErrorsAsync(cluster: $"\"HttpClient\": {client},"));

    [Theory]
    [InlineData("00:00:05", null)]
    [InlineData("5", "'5' would be 5 days; write 00:00:05 for 5 seconds, or 5.00:00:00")]
    [InlineData("00:00:00", "'00:00:00' must be above 00:00:00 and below 49.00:00:00; leave it out for the default")]
    [InlineData("-00:00:01", "'-00:00:01' must be above 00:00:00 and below 49.00:00:00; leave it out for the default")]
    [InlineData("50.00:00:00", "'50.00:00:00' must be above 00:00:00 and below 49.00:00:00; leave it out for the default")]
    public async Task Time_after_which_a_request_is_ended_is_one_that_can_be(string time, string? error)
    {
        Assert.Equal(
            Expected("ReverseProxy:Clusters:c:HttpRequest:ActivityTimeout: ", error),
            await ErrorsAsync(cluster: $$""" "HttpRequest": { "ActivityTimeout": "{{time}}" }, """));
        if (!time.Contains("00:00:0", StringComparison.Ordinal) || time.StartsWith('5'))
        {
            Assert.Equal(Expected("ReverseProxy:Routes:r:Timeout: ", error), await ErrorsAsync(route: $$""" "Timeout": "{{time}}", """));
        }
    }

    [Theory]
    [InlineData("""[{ "PathPattern": "/{" }]""", "0: There is an incomplete parameter in the route template.")]
    [InlineData("""[{ "PathPrefix": "/a" }, { "HttpMethodChange": "PUT", "Set": "A B" }]""", "1: The format of the HTTP method is invalid.")]
    [InlineData("""[{ "PathPattern": "/a/{**x}" }, { "HttpMethodChange": "PUT", "Set": "POST" }]""", null)]
    public async Task Transform_that_cannot_be_built_is_named(string transforms, string? error)
    {
        var errors = await ErrorsAsync(route: $"\"Transforms\": {transforms},");

        Assert.Equal(error is null ? 0 : 1, errors.Length);
        Assert.All(errors, e => Assert.StartsWith($"ReverseProxy:Routes:r:Transforms:{error}", e, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metadata_has_names() => Assert.Equal(
        ["ReverseProxy:Routes:r:Metadata: must be a group { … }, but is a list [ … ]"], await ErrorsAsync(route: """ "Metadata": ["a"], """));

    [Theory]
    [InlineData("""{ "c": {} }""", true)]
    [InlineData("""{ "c": { "Destinations": {} } }""", true)]
    [InlineData("""{ "c": { "Destinations": { "a": { "Address": "http://127.0.0.1:1" } } }, "unused": {} }""", false)]
    public async Task Cluster_that_gets_requests_has_a_destination(string clusters, bool isError)
    {
        var errors = await Validation.ErrorsOfAsync($$"""
            { "ReverseProxy": { "Routes": { "r": { "ClusterId": "C", "Match": { "Path": "/" } } }, "Clusters": {{clusters}} } }
            """);

        Assert.Equal(isError ? 1 : 0, errors.Length);
        Assert.All(errors, static e => Assert.StartsWith(
            "ReverseProxy:Clusters:c:Destinations: names no address, so every request would be answered with 503; write ", e, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"Kestrel\": \"x\"", "Kestrel: must be a group of settings, but is 'x'")]
    [InlineData("\"Logging\": \"x\"", "Logging: must be a group of settings, but is 'x'")]
    [InlineData("\"ReverseProxy\": \"x\"", "ReverseProxy: must be a group of settings, but is 'x'")]
    [InlineData("\"Logging\": { \"Console\": { \"FormatterName\": \"jsn\" } }", "Logging:Console:FormatterName: 'jsn' is not one of simple, json, systemd")]
    [InlineData("\"Logging\": { \"Console\": { \"FormatterName\": \"Json\" } }", null)]
    [InlineData("\"Kestrel\": { \"Limits\": { \"MaxRequestLineSize\": 99999999 } }", "Kestrel:Limits:MaxRequestLineSize: is 99999999, which must fit into MaxRequestBufferSize (1048576); choose less, or raise that")]
    [InlineData("\"Kestrel\": { \"Limits\": { \"MaxRequestLineSize\": 9999999, \"MaxRequestBufferSize\": 10000000 } }", null)]
    [InlineData("\"Kestrel\": { \"Limits\": { \"KeepAliveTimeout\": \"120\" } }", "Kestrel:Limits:KeepAliveTimeout: '120' would be 120 days; write 00:02:00 for 120 seconds, or 120.00:00:00")]
    public async Task Sections_of_others_are_groups_whose_values_can_be_used(string section, string? error) =>
        Assert.Equal(Expected("", error), await Validation.ErrorsOfAsync($"{{ {section} }}"));

    private static string[] Expected(string path, string? error) => error is null ? [] : [path + error];

    private static Task<string[]> ErrorsAsync(string route = "", string cluster = "") => Validation.ErrorsOfAsync($$"""
        {
          "ReverseProxy": {
            "Routes": { "r": { {{route}} "ClusterId": "c", "Match": { "Path": "/{**x}" } } },
            "Clusters": { "c": { {{cluster}} "Destinations": { "d": { "Address": "http://127.0.0.1:8000" } } } }
          }
        }
        """);
}
