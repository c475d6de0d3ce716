using Microsoft.AspNetCore.Routing.Patterns;

namespace PushProxy.Server.Configuration;

/// <summary>
/// Finds what YARP's own validators let pass and routing or sending refuses later: with each request, or for all routes at once.
/// </summary>
internal static class RouteChecker
{
    /// <summary>The name of the route and cluster that <c>PushProxy:Origin</c> stands for.</summary>
    public const string OriginName = "pushproxy-origin";

    /// <param name="section">The section <c>ReverseProxy</c>.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public static void Check(IConfigurationSection section, List<ConfigurationError> errors)
    {
        using var services = new ServiceCollection().AddLogging().AddRouting().BuildServiceProvider();
        var constraints = services.GetRequiredService<IInlineConstraintResolver>();
        var matches = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var route in section.GetSection("Routes").GetChildren())
        {
            CheckName(route, errors);
            CheckPath(route.GetSection("Match:Path"), constraints, errors);
            CheckHosts(route.GetSection("Match:Hosts"), errors);
            CheckFields(route.GetSection("Transforms"), errors);
            var match = MatchOf(route);
            if (!matches.TryAdd(match, route.Key))
            {
                errors.Add(new(route.Path, $"matches the same requests as '{matches[match]}'; give one of them another Match or Order"));
            }
        }

        foreach (var cluster in section.GetSection("Clusters").GetChildren())
        {
            CheckName(cluster, errors);
            foreach (var destination in cluster.GetSection("Destinations").GetChildren())
            {
                if (destination["Host"] is { Length: > 0 } host && !Uri.TryCreate($"http://{host}/", UriKind.Absolute, out _))
                {
                    errors.Add(new($"{destination.Path}:Host", $"'{host}' is not a host"));
                }
            }
        }
    }

    private static bool IsExact(string key) => !key.EndsWith(":Name", StringComparison.OrdinalIgnoreCase)
        && key.Split(':')[0].ToUpperInvariant() is ("HEADERS" or "QUERYPARAMETERS");

    // Routing tells paths, hosts and methods apart whatever their case. Fields and queries may be compared by it.
    private static string MatchOf(IConfigurationSection route)
    {
        static string Text(string key, string value) =>
            key.Equals("Path", StringComparison.OrdinalIgnoreCase) ? PatternText.Of(value)
            : IsExact(key) ? value
            : value.ToUpperInvariant();
        var settings = route.GetSection("Match").AsEnumerable(makePathsRelative: true)
            .Where(static s => s.Value is not null)
            .Select(static s => $"{s.Key.ToUpperInvariant()}={Text(s.Key, s.Value!)}");
        return string.Join('\n', settings.Order(StringComparer.Ordinal).Append(route["Order"] ?? "0"));
    }

    private static void CheckName(IConfigurationSection item, List<ConfigurationError> errors)
    {
        if (item.Key.Equals(OriginName, StringComparison.OrdinalIgnoreCase))
        {
            errors.Add(new(item.Path, "is the name that PushProxy:Origin uses; choose another"));
        }
    }

    // An unknown constraint makes routing fail for every request of every route.
    private static void CheckPath(IConfigurationSection path, IInlineConstraintResolver constraints, List<ConfigurationError> errors)
    {
        try
        {
            var policies = RoutePatternFactory.Parse(path.Value ?? "").ParameterPolicies.SelectMany(static p => p.Value);
            foreach (var constraint in policies.Select(static p => p.Content).OfType<string>())
            {
                if (constraints.ResolveConstraint(constraint) is null)
                {
                    errors.Add(new(path.Path, $"'{constraint}' is not a constraint of a route"));
                }
            }
        }
        catch (RoutePatternException)
        {
            // YARP's validator says so.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            errors.Add(new(path.Path, e.GetBaseException().Message));
        }
    }

    private static void CheckHosts(IConfigurationSection hosts, List<ConfigurationError> errors)
    {
        foreach (var host in hosts.GetChildren())
        {
            // YARP's validator names an empty one.
            if (host.Value is { Length: > 0 } text && HostPattern.Problem(text) is { } problem)
            {
                errors.Add(new(host.Path, problem));
            }
        }
    }

    // A transform that sets a field which cannot be sent fails with each request.
    private static void CheckFields(IConfigurationSection transforms, List<ConfigurationError> errors)
    {
        foreach (var transform in transforms.GetChildren())
        {
            foreach (var kind in new[] { "RequestHeader", "ResponseHeader", "ResponseTrailer" })
            {
                if (transform[kind] is not { } name)
                {
                    continue;
                }

                if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c)))
                {
                    errors.Add(new($"{transform.Path}:{kind}", $"'{name}' is not the name of a field"));
                }

                if ((transform["Set"] ?? transform["Append"])?.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0)
                {
                    errors.Add(new(transform.Path, $"the value of '{name}' has a line break or another control character"));
                }
            }
        }
    }
}
