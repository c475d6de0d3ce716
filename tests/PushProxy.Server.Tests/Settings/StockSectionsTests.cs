namespace PushProxy.Server.Tests.Settings;

/// <summary>The sections that others defined: YARP's and Kestrel's.</summary>
public class StockSectionsTests
{
    [Fact]
    public async Task Every_broken_route_and_cluster_is_told_with_its_path()
    {
        var errors = await Validation.ErrorsOfAsync("""
            {
              "PushProxy": { "Policies": { "empty": {} } },
              "ReverseProxy": {
                "Routes": {
                  "no-match": { "ClusterId": "good" },
                  "bad-path": { "ClusterId": "good", "Match": { "Path": "/{a" } },
                  "bad-order": { "ClusterId": "good", "Order": "first", "Match": { "Path": "/" } },
                  "bad-transform": { "ClusterId": "good", "Match": { "Path": "/t" }, "Transforms": [{ "PathPrefx": "/x" }] },
                  "bad-policy": { "ClusterId": "good", "Match": { "Path": "/p" }, "Metadata": { "PushProxy.Policy": "gone" } },
                  "no-cluster": { "ClusterId": "gone", "Match": { "Path": "/n" } },
                  "fine": { "ClusterId": "GOOD", "Match": { "Path": "/" }, "Metadata": { "PushProxy.Policy": "Empty" }, "Timeout": "00:00:10" },
                  "off": { "ClusterId": "good", "Match": { "Path": "/o" }, "Metadata": { "PushProxy.Policy": "off" } }
                },
                "Clusters": {
                  "good": { "Destinations": { "a": { "Address": "http://127.0.0.1:8000" } } },
                  "bad-address": { "Destinations": { "a": { "Address": "127.0.0.1" } } },
                  "bad-balancing": { "LoadBalancingPolicy": "Fair", "Destinations": { "a": { "Address": "http://127.0.0.1:8000" } } },
                  "bad-check": { "HealthCheck": { "Active": { "Enabled": true, "Interval": "-00:00:01" } }, "Destinations": { "a": { "Address": "http://127.0.0.1:8000" } } }
                }
              }
            }
            """);

        Assert.Equal(
            [
                "ReverseProxy:Clusters:bad-address:Destinations:a:Address: '127.0.0.1' is",
                "ReverseProxy:Clusters:bad-balancing: No matching",
                "ReverseProxy:Clusters:bad-check: Destination probing",
                "ReverseProxy:Routes:bad-order:Order: The input",
                "ReverseProxy:Routes:bad-path: There is",
                "ReverseProxy:Routes:bad-policy:Metadata:PushProxy.Policy: there is",
                "ReverseProxy:Routes:bad-transform: Unknown transform:",
                "ReverseProxy:Routes:no-cluster:ClusterId: there is",
                "ReverseProxy:Routes:no-match: Route 'no-match'",
            ],
            errors.Select(FirstWords).Order(StringComparer.Ordinal));
    }

    [Theory]
    // What YARP lets pass, and routing then refuses for every request of every route.
    [InlineData("Match", "{ \"Path\": \"/{id:inte}\" }", "Match:Path: 'inte' is not a constraint of a route")]
    [InlineData("Match", "{ \"Path\": \"/{id:int:min(1)}/{name:regex(^[[a-z]]+$)}\" }", null)]
    [InlineData("Match", "{ \"Path\": \"/\", \"Hosts\": \"example.org\" }", "Match:Hosts: must be a list, but is 'example.org'")]
    [InlineData("Match", "{ \"Path\": { \"a\": \"/\" } }", "Match:Path: must be a single value")]
    // What cannot be sent.
    [InlineData("Transforms", "[{ \"RequestHeader\": \"a b\", \"Set\": \"x\" }]", "Transforms:0:RequestHeader: 'a b' is not the name of a field")]
    [InlineData("Transforms", "[{ \"ResponseHeader\": \"X-A\", \"Append\": \"x\\r\\ny\" }]", "Transforms:0: the value of 'X-A' has a line break")]
    [InlineData("Transforms", "[{ \"RequestHeader\": \"X-A\", \"Set\": \"x y\" }]", null)]
    public async Task What_would_fail_only_when_it_is_used_is_found(string name, string value, string? error)
    {
        var match = name == "Match" ? "" : "\"Match\": { \"Path\": \"/\" },";
        var errors = await Validation.ErrorsOfAsync($$"""
            {
              "ReverseProxy": {
                "Routes": { "a": { "ClusterId": "c", {{match}} "{{name}}": {{value}} } },
                "Clusters": { "c": { "Destinations": { "d": { "Address": "http://127.0.0.1:8000" } } } }
              }
            }
            """);

        Assert.Equal(error is null, errors.Length == 0);
        Assert.True(error is null || errors.Any(e => e.StartsWith($"ReverseProxy:Routes:a:{error}", StringComparison.Ordinal)), string.Join('\n', errors));
    }

    [Fact]
    public async Task Routes_that_match_the_same_and_names_of_our_own_are_found()
    {
        var errors = await Validation.ErrorsOfAsync("""
            {
              "ReverseProxy": {
                "Routes": {
                  "a": { "ClusterId": "c", "Match": { "Path": "/x", "Hosts": ["a.test"] } },
                  "b": { "ClusterId": "c", "Match": { "Hosts": ["A.test"], "Path": "/x" } },
                  "c": { "ClusterId": "c", "Order": 1, "Match": { "Path": "/x", "Hosts": ["a.test"] } },
                  "d": { "ClusterId": "c", "Match": { "Path": "/h", "Headers": [{ "Name": "X-A", "Values": ["v"], "IsCaseSensitive": true }] } },
                  "e": { "ClusterId": "c", "Match": { "Path": "/h", "Headers": [{ "Name": "X-A", "Values": ["V"], "IsCaseSensitive": true }] } },
                  "pushproxy-origin": { "ClusterId": "c", "Match": { "Path": "/y" } }
                },
                "Clusters": { "c": { "Destinations": { "d": { "Address": "http://127.0.0.1:8000", "Host": "a b" } } } }
              }
            }
            """);

        Assert.Equal(
            [
                "ReverseProxy:Clusters:c:Destinations:d:Host: 'a b' is not a host",
                "ReverseProxy:Routes:b: matches the same requests as 'a'; give one of them another Match or Order",
                "ReverseProxy:Routes:pushproxy-origin: is the name that PushProxy:Origin uses; choose another",
            ],
            errors.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("AuthorizationPolicy", "default", "AuthorizationPolicy: 'default': PushProxy signs nobody in; leave it out")]
    [InlineData("AuthorizationPolicy", "Anonymous", null)]
    [InlineData("CorsPolicy", "disable", "CorsPolicy: 'disable': PushProxy leaves CORS to the site; leave it out")]
    [InlineData("TimeoutPolicy", "Disable", null)]
    [InlineData("RateLimiterPolicy", "disable", null)]
    public async Task Policies_that_need_code_are_refused(string name, string value, string? error)
    {
        var errors = await Validation.ErrorsOfAsync($$"""
            {
              "ReverseProxy": {
                "Routes": { "a": { "ClusterId": "c", "Match": { "Path": "/" }, "{{name}}": "{{value}}" } },
                "Clusters": { "c": { "Destinations": { "d": { "Address": "http://127.0.0.1:8000" } } } }
              }
            }
            """);

        Assert.Equal(error is null ? [] : [$"ReverseProxy:Routes:a:{error}"], errors);
    }

    [Fact]
    public async Task Kestrels_limits_are_checked_value_by_value()
    {
        var errors = await Validation.ErrorsOfAsync("""
            { "Kestrel": { "Limits": { "MaxConcurrentConnections": "few", "KeepAliveTimeout": "-1", "MaxRequestBodySize": 1000 } } }
            """);

        Assert.Equal(
            ["Kestrel:Limits:KeepAliveTimeout: Value must", "Kestrel:Limits:MaxConcurrentConnections: The input"],
            errors.Select(FirstWords).Order(StringComparer.Ordinal));
    }

    // What others' messages say in full is theirs.
    private static string FirstWords(string error) => string.Join(' ', error.Split(' ').Take(3));
}
