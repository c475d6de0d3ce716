using Yarp.ReverseProxy.Configuration;

namespace PushProxy.Server.Configuration;

/// <summary>Finds what YARP lets pass in clusters and routes, and what then fails with each request.</summary>
internal static class ClusterChecker
{
    // A timer of .NET takes no more milliseconds than this.
    private static readonly TimeSpan s_most = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private static readonly string[] s_times =
    [
        "HttpRequest:ActivityTimeout",
        "HealthCheck:Active:Interval",
        "HealthCheck:Active:Timeout",
        "HealthCheck:Passive:ReactivationPeriod",
    ];

    public static void Check(IConfigurationSection cluster, IEnumerable<IConfigurationSection> routes, List<ConfigurationError> errors)
    {
        foreach (var name in s_times)
        {
            CheckTime(cluster.GetSection(name), errors);
        }

        // One that no route names harms nobody.
        var destinations = cluster.GetSection(nameof(ClusterConfig.Destinations));
        if (!destinations.GetChildren().Any() && routes.Any(r => cluster.Key.Equals(r["ClusterId"], StringComparison.OrdinalIgnoreCase)))
        {
            errors.Add(new(destinations.Path, "names no address, so every request would be answered with 503; "
                + "write \"Destinations\": { \"site\": { \"Address\": \"http://127.0.0.1:8000\" } }"));
        }
    }

    /// <summary>Checks a time after which a request is ended or repeated.</summary>
    public static void CheckTime(IConfigurationSection section, List<ConfigurationError> errors)
    {
        // What is misread has been told, and YARP's reader says what is no time span.
        if (section.Value is not { } text || TimeSpanText.Problem(text) is not null || !TimeSpan.TryParse(text, out var time))
        {
            return;
        }

        // YARP's validators find the others that are not above zero.
        var mayBeZero = !section.Key.Equals("ActivityTimeout", StringComparison.OrdinalIgnoreCase) || time == Timeout.InfiniteTimeSpan;
        if (time > s_most || (time <= TimeSpan.Zero && !mayBeZero))
        {
            errors.Add(new(section.Path, $"'{text}' must be above 00:00:00 and below 49.00:00:00; leave it out for the default"));
        }
    }
}
