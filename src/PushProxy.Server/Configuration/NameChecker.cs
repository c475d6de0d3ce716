using System.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Logging.Console;
using Yarp.ReverseProxy.Configuration;

namespace PushProxy.Server.Configuration;

/// <summary>
/// Finds names that nothing reads, in the sections that others define, too. Without that a misspelt name is ignored in silence: a cluster
/// without destinations answers every request with 503, and a route without hosts takes every host.
/// </summary>
internal static class NameChecker
{
    private static readonly string[] s_root = ["$schema", ConfigurationValidator.Section, "ReverseProxy", "Logging", "Kestrel"];

    // The environment has names of others that are near the rest, such as LOGIN.
    private static readonly string[] s_ours = [ConfigurationValidator.Section, "ReverseProxy"];

    // Kestrel reads these itself, besides its options.
    private static readonly string[] s_kestrel = ["Endpoints", "Certificates", "EndpointDefaults"];

    private static readonly string[] s_formatters =
        [ConsoleFormatterNames.Simple, ConsoleFormatterNames.Json, ConsoleFormatterNames.Systemd];

    /// <summary>Checks the names of the sections. The environment has many names that are meant for others.</summary>
    public static void CheckRoot(IConfiguration configuration, List<ConfigurationError> errors)
    {
        foreach (var provider in (configuration as IConfigurationRoot)?.Providers ?? [])
        {
            var isEnvironment = provider is EnvironmentVariablesConfigurationProvider;
            foreach (var key in provider.GetChildKeys([], null).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (!isEnvironment && s_root.Skip(1).Contains(key, StringComparer.OrdinalIgnoreCase)
                    && provider.TryGet(key, out var text) && text is { Length: > 0 })
                {
                    errors.Add(new(key, $"must be a group of settings, but is '{text}'"));
                }

                if (s_root.Contains(key, StringComparer.OrdinalIgnoreCase) || errors.Exists(e => e.Path == key)
                    || (isEnvironment && (Spelling.Nearest(key, s_ours) is null || !provider.GetChildKeys([], key).Any())))
                {
                    continue;
                }

                errors.Add(new(key, $"unknown section{Spelling.Suggestion(key, s_root)}"));
            }
        }
    }

    /// <summary>Checks the names of YARP's section.</summary>
    public static void CheckReverseProxy(IConfigurationSection section, List<ConfigurationError> errors)
    {
        CheckNames(section, ["Routes", "Clusters"], errors);
        foreach (var route in section.GetSection("Routes").GetChildren())
        {
            Check(route, typeof(RouteConfig), errors, nameof(RouteConfig.RouteId));
            CheckMetadata(route.GetSection("Metadata"), errors);
            ClusterChecker.CheckTime(route.GetSection(nameof(RouteConfig.Timeout)), errors);
        }

        foreach (var cluster in section.GetSection("Clusters").GetChildren())
        {
            Check(cluster, typeof(ClusterConfig), errors, nameof(ClusterConfig.ClusterId));
        }
    }

    /// <summary>
    /// Checks the names of Kestrel's section. What opens addresses is refused, because nothing would say that they are open.
    /// </summary>
    public static void CheckKestrel(IConfigurationSection section, List<ConfigurationError> errors)
    {
        foreach (var child in section.GetChildren())
        {
            if (s_kestrel.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                errors.Add(new(child.Path, "addresses and certificates are set in PushProxy:Listen and PushProxy:Certificates"));
            }
        }

        var known = Properties(typeof(KestrelServerOptions)).Keys;
        CheckNames(section, [.. known, .. s_kestrel], errors);
        NoText(section.GetSection("Limits"), "a group", errors);
        Check(section.GetSection("Limits"), typeof(KestrelServerLimits), errors);
    }

    /// <summary>Checks the names and levels of the section <c>Logging</c>.</summary>
    public static void CheckLogging(IConfigurationSection section, List<ConfigurationError> errors)
    {
        CheckNames(section, ["LogLevel", "Console"], errors);
        Check(section.GetSection("Console"), typeof(ConsoleSection), errors);
        if (section["Console:FormatterName"] is { Length: > 0 } formatter
            && !s_formatters.Contains(formatter, StringComparer.OrdinalIgnoreCase))
        {
            errors.Add(new($"{section.Path}:Console:FormatterName", $"'{formatter}' is not one of {string.Join(", ", s_formatters)}"));
        }

        foreach (var levels in new[] { section.GetSection("LogLevel"), section.GetSection("Console:LogLevel") })
        {
            NoText(levels, "a group", errors);
            foreach (var level in levels.GetChildren())
            {
                var names = Enum.GetNames<LogLevel>();
                if (!names.Contains(level.Value, StringComparer.OrdinalIgnoreCase))
                {
                    errors.Add(new(level.Path, $"'{level.Value}' is not one of {string.Join(", ", names)}"));
                }
            }
        }
    }

    private static void CheckMetadata(IConfigurationSection metadata, List<ConfigurationError> errors)
    {
        string[] known = [DeliveryPolicy.MetadataKey];
        foreach (var child in metadata.GetChildren())
        {
            var isOurs = child.Key.StartsWith("PushProxy", StringComparison.OrdinalIgnoreCase)
                || Spelling.Nearest(child.Key, known) is not null;
            if (isOurs && !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                errors.Add(new(child.Path, $"unknown metadata of PushProxy{Spelling.Suggestion(child.Key, known)}"));
            }
        }
    }

    private static void Check(IConfigurationSection section, Type type, List<ConfigurationError> errors, string? except = null)
    {
        var properties = Properties(type);
        CheckNames(section, properties.Keys.Where(name => name != except), errors);
        foreach (var child in section.GetChildren())
        {
            if (properties.TryGetValue(child.Key, out var property))
            {
                CheckValue(child, property, errors);
            }
        }
    }

    private static void CheckValue(IConfigurationSection section, Type type, List<ConfigurationError> errors)
    {
        var target = Nullable.GetUnderlyingType(type) ?? type;
        if (target.IsEnum && target.IsDefined(typeof(FlagsAttribute)))
        {
            // YARP reads several values, and reads one text as none.
            var example = string.Join(", ", Enum.GetNames(target).TakeLast(2).Select(static n => $"\"{n}\""));
            NoText(section, $"a list such as [{example}]", errors);
            CheckItems(section, typeof(string), errors);
        }
        else if (ItemOf(type) is { } item)
        {
            var isList = type.GetGenericArguments().Length == 1;
            NoText(section, isList ? "a list" : "a group", errors);

            // YARP takes a group for a list, too. In a list of metadata, the names are missing.
            if (!isList && item == typeof(string) && ListText.IsList(section))
            {
                errors.Add(new(section.Path, "must be a group { … }, but is a list [ … ]"));
            }

            CheckItems(section, item, errors);
        }
        else if (type.IsClass && type != typeof(string) && section.GetChildren().Any())
        {
            if (Properties(type).Count == 0)
            {
                errors.Add(new(section.Path, "cannot be set by a configuration; leave it out"));
                return;
            }

            Check(section, type, errors);
        }
        else if (section.GetChildren().Any())
        {
            errors.Add(new(section.Path, "must be a single value"));
        }
        else if (target == typeof(TimeSpan) && section.Value is { } text && TimeSpanText.Problem(text) is { } problem)
        {
            errors.Add(new(section.Path, problem));
        }
    }

    private static void CheckItems(IConfigurationSection section, Type item, List<ConfigurationError> errors)
    {
        foreach (var child in section.GetChildren())
        {
            CheckValue(child, item, errors);
        }
    }

    // The binder takes no text for a list, and says nothing.
    private static void NoText(IConfigurationSection section, string expected, List<ConfigurationError> errors)
    {
        if (section.Value is { Length: > 0 } text)
        {
            errors.Add(new(section.Path, $"must be {expected}, but is '{text}'"));
        }
    }

    private static void CheckNames(IConfigurationSection section, IEnumerable<string> known, List<ConfigurationError> errors)
    {
        var names = known.ToList();
        foreach (var child in section.GetChildren())
        {
            if (!names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                errors.Add(new(child.Path, $"unknown setting{Spelling.Suggestion(child.Key, names)}"));
            }
        }
    }

    private static Dictionary<string, Type> Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(static p => p.GetIndexParameters().Length == 0)
        .Where(static p => p.CanWrite || (p.PropertyType.IsClass && p.PropertyType != typeof(string)))
        .ToDictionary(static p => p.Name, static p => p.PropertyType, StringComparer.OrdinalIgnoreCase);

    // What a list holds, or what a dictionary has as values.
    private static Type? ItemOf(Type type) =>
        type == typeof(string) || !type.IsGenericType || !type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? null
        : type.GetGenericArguments()[^1];

    /// <summary>What the section of the console's log has, besides its options.</summary>
    private sealed class ConsoleSection : ConsoleLoggerOptions
    {
        public Dictionary<string, string> LogLevel { get; set; } = [];

        public SimpleConsoleFormatterOptions FormatterOptions { get; set; } = new();
    }
}
