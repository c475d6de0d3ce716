using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms.Builder;

namespace PushProxy.Server.Configuration;

/// <summary>
/// Checks the stock <c>ReverseProxy</c> section with YARP's own readers and validators, one route and one cluster at a time:
/// YARP itself stops at the first value it can't read, and says which route only in words.
/// </summary>
internal static class ReverseProxyValidator
{
    private const string Section = "ReverseProxy";

    public static async Task<IReadOnlyList<ConfigurationError>> ValidateAsync(
        IConfigurationSection section, IReadOnlyCollection<string> policies, bool hasOrigin)
    {
        var errors = new List<ConfigurationError>();
        RouteChecker.Check(section, errors);
        var clusters = section.GetSection("Clusters").GetChildren().ToList();
        var routes = section.GetSection("Routes").GetChildren().ToList();
        foreach (var cluster in clusters)
        {
            await CheckAsync(cluster, "Clusters", errors);
            CheckAddresses(cluster, errors);
            ClusterChecker.Check(cluster, routes, errors);
        }

        foreach (var route in routes)
        {
            await CheckAsync(route, "Routes", errors);
            CheckPolicies(route, errors);
            if (route["ClusterId"] is { } id && !clusters.Exists(c => c.Key.Equals(id, StringComparison.OrdinalIgnoreCase)))
            {
                errors.Add(new($"{route.Path}:ClusterId", $"there is no cluster '{id}'"));
            }

            if (route["ClusterId"] is null && !hasOrigin && !errors.Exists(e => e.Path == route.Path))
            {
                errors.Add(new(route.Path, "names no ClusterId, and PushProxy:Origin, which would take its requests, is not set"));
            }

            var metadata = route.GetSection("Metadata");
            if (metadata[DeliveryPolicy.MetadataKey] is { } policy
                && !policies.Append(DeliveryPolicy.Off).Append(DeliveryPolicy.Default).Contains(policy, StringComparer.OrdinalIgnoreCase))
            {
                errors.Add(new($"{metadata.Path}:{DeliveryPolicy.MetadataKey}", $"there is no policy '{policy}' in PushProxy:Policies"));
            }
        }

        return errors;
    }

    // YARP knows these names, but they stand for code that this program does not have: each request would be answered with 500.
    private static void CheckPolicies(IConfigurationSection route, List<ConfigurationError> errors)
    {
        foreach (var name in new[] { "RateLimiterPolicy", "OutputCachePolicy" })
        {
            if (route[name] is { Length: > 0 } policy && !policy.Equals("disable", StringComparison.OrdinalIgnoreCase))
            {
                errors.Add(new($"{route.Path}:{name}", $"'{policy}' would be code of an application; PushProxy has none; leave it out"));
            }
        }

        if (route["AuthorizationPolicy"] is { Length: > 0 } authorization
            && !authorization.Equals("anonymous", StringComparison.OrdinalIgnoreCase))
        {
            errors.Add(new($"{route.Path}:AuthorizationPolicy", $"'{authorization}': PushProxy signs nobody in; leave it out"));
        }

        if (route["CorsPolicy"] is { Length: > 0 } cors)
        {
            errors.Add(new($"{route.Path}:CorsPolicy", $"'{cors}': PushProxy leaves CORS to the site; leave it out"));
        }
    }

    // YARP takes any text here, and fails with each request.
    private static void CheckAddresses(IConfigurationSection cluster, List<ConfigurationError> errors)
    {
        foreach (var destination in cluster.GetSection("Destinations").GetChildren())
        {
            foreach (var key in new[] { "Address", "Health" })
            {
                if (destination[key] is { Length: > 0 } address && !OriginAddress.TryParse(address, out _, out var problem))
                {
                    errors.Add(new($"{destination.Path}:{key}", problem));
                }
            }
        }
    }

    private static async Task CheckAsync(IConfigurationSection item, string kind, List<ConfigurationError> errors)
    {
        var settings = item.AsEnumerable()
            .Select(pair => KeyValuePair.Create($"{Section}:{kind}{pair.Key[item.Path.LastIndexOf(':')..]}", pair.Value))
            .ToList();
        await using var provider = Services(settings);
        IProxyConfig read;
        try
        {
            read = provider.GetServices<IProxyConfigProvider>().First().GetConfig();
        }
        catch (Exception e)
        {
            var values = settings.Where(static s => s.Value is not null).Select(UnreadableValue).OfType<ConfigurationError>().ToList();
            errors.AddRange(values.Count > 0 ? values : [new(item.Path, Innermost(e))]);
            return;
        }

        var validator = provider.GetRequiredService<IConfigValidator>();
        var found = new List<Exception>();
        foreach (var route in read.Routes)
        {
            found.AddRange(await validator.ValidateRouteAsync(route));
            if (found.Count == 0)
            {
                CheckTransforms(item, route, provider.GetRequiredService<ITransformBuilder>(), errors);
            }
        }

        foreach (var cluster in read.Clusters)
        {
            found.AddRange(await validator.ValidateClusterAsync(cluster));
        }

        errors.AddRange(found.Select(e => new ConfigurationError(item.Path, Innermost(e))));
    }

    // The reader stops at the first value it can't read, and does not say which. Given one at a time, it finds them all.
    private static ConfigurationError? UnreadableValue(KeyValuePair<string, string?> setting)
    {
        using var provider = Services([setting]);
        try
        {
            provider.GetServices<IProxyConfigProvider>().First().GetConfig();
            return null;
        }
        catch (Exception e)
        {
            return new(setting.Key, Innermost(e));
        }
    }

    // The validators look at the names of a transform's settings. Its values are read when it is built.
    private static void CheckTransforms(
        IConfigurationSection item, RouteConfig route, ITransformBuilder builder, List<ConfigurationError> errors)
    {
        var sections = item.GetSection(nameof(RouteConfig.Transforms)).GetChildren().ToList();
        for (var i = 0; i < sections.Count && i < route.Transforms?.Count; i++)
        {
            try
            {
                builder.Build(route with { Transforms = [route.Transforms[i]] }, null);
            }
            catch (Exception e)
            {
                errors.Add(new(sections[i].Path, Innermost(e)));
            }
        }
    }

    private static ServiceProvider Services(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var alone = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection();
        services.AddLogging(static logging => logging.ClearProviders());
        services.AddSingleton<IConfiguration>(alone);
        services.AddAuthorizationCore();
        services.AddRouting();
        services.AddReverseProxy().LoadFromConfig(alone.GetSection(Section));
        return services.BuildServiceProvider();
    }

    private static string Innermost(Exception e) => e.GetBaseException().Message;
}
