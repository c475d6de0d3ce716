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
                  "bad-transform": { "ClusterId": "good", "Match": { "Path": "/" }, "Transforms": [{ "PathPrefx": "/x" }] },
                  "bad-policy": { "ClusterId": "good", "Match": { "Path": "/" }, "Metadata": { "PushProxy.Policy": "gone" } },
                  "no-cluster": { "ClusterId": "gone", "Match": { "Path": "/" } },
                  "fine": { "ClusterId": "GOOD", "Match": { "Path": "/" }, "Metadata": { "PushProxy.Policy": "Empty" }, "Timeout": "00:00:10" },
                  "off": { "ClusterId": "good", "Match": { "Path": "/" }, "Metadata": { "PushProxy.Policy": "off" } }
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
                "ReverseProxy:Routes:bad-order: The input",
                "ReverseProxy:Routes:bad-path: There is",
                "ReverseProxy:Routes:bad-policy:Metadata:PushProxy.Policy: there is",
                "ReverseProxy:Routes:bad-transform: Unknown transform:",
                "ReverseProxy:Routes:no-cluster:ClusterId: there is",
                "ReverseProxy:Routes:no-match: Route 'no-match'",
            ],
            errors.Select(FirstWords).Order(StringComparer.Ordinal));
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
