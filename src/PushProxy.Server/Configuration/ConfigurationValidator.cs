using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;

namespace PushProxy.Server.Configuration;

/// <summary>Everything wrong with a configuration, at once: what <c>validate</c> prints, and what <c>run</c> and a reload refuse.</summary>
internal static class ConfigurationValidator
{
    public const string Section = "PushProxy";

    /// <param name="configuration">All of it.</param>
    /// <param name="running">
    /// The configuration it would replace; null at a start. Certificates that are in both are in use, and are not loaded again.
    /// </param>
    public static async Task<IReadOnlyList<ConfigurationError>> ValidateAsync(IConfiguration configuration, IConfiguration? running = null)
    {
        var errors = new List<ConfigurationError>();
        var section = configuration.GetSection(Section);
        ReadOptions(section, errors);
        var inUse = running is null ? [] : ServerOptions.From(running.GetSection(Section)).Certificates;

        // What is no list has no items, whatever the reader makes of it.
        errors.AddRange(new ServerOptionsValidator(inUse).Errors(ServerOptions.From(section))
            .Where(e => !errors.Exists(known => IsAtOrBelow(e.Path, known.Path))));
        CheckKestrel(configuration.GetSection("Kestrel"), errors);
        CheckValues(configuration.GetSection("Logging:Console"), static s => s.Bind(new ConsoleLoggerOptions()), errors);
        CheckValues(
            configuration.GetSection("Logging:Console:FormatterOptions"), static s => s.Bind(new SimpleConsoleFormatterOptions()), errors);
        NameChecker.CheckRoot(configuration, errors);
        NameChecker.CheckReverseProxy(configuration.GetSection("ReverseProxy"), errors);
        NameChecker.CheckKestrel(configuration.GetSection("Kestrel"), errors);
        NameChecker.CheckLogging(configuration.GetSection("Logging"), errors);
        var policies = section.GetSection(nameof(PushProxyOptions.Policies)).GetChildren().Select(c => c.Key);
        var proxy = configuration.GetSection("ReverseProxy");
        var hasOrigin = section[nameof(ServerOptions.Origin)] is { Length: > 0 };
        errors.AddRange(await ReverseProxyValidator.ValidateAsync(proxy, [.. policies], hasOrigin));
        if (!errors.Exists(e => IsAtOrBelow(e.Path, proxy.Path)))
        {
            errors.AddRange(await RoutingProof.TryAsync(proxy, hasOrigin));
        }

        return errors;
    }

    /// <summary>
    /// Reads the options of learning and delivery. Adds what is wrong with them, or with any other key of the section, to the errors.
    /// </summary>
    /// <param name="section">The section <c>PushProxy</c>.</param>
    /// <param name="errors">Empty, or errors of other sections.</param>
    public static PushProxyOptions ReadOptions(IConfigurationSection section, List<ConfigurationError> errors)
    {
        SectionChecker.Check(section, [typeof(PushProxyOptions), typeof(ServerOptions)], errors);

        // The binder stops at the first value it can't convert. Without those values it also finds every value that is out of range.
        var readable = section.AsEnumerable().Where(pair => !errors.Exists(e => IsAtOrBelow(pair.Key, e.Path)));
        var sound = new ConfigurationBuilder().AddInMemoryCollection(readable).Build();
        var options = new PushProxyOptions();
        options.Bind(sound.GetSection(section.Path));

        // An error that a policy (PushProxy:Policies:name:setting) takes from Defaults is reported once, for Defaults.
        errors.AddRange(options.Validate(section.Path).Where(e => e.Path.Count(static c => c == ':') < 3 || sound[e.Path] is not null));
        return options;
    }

    private static bool IsAtOrBelow(string key, string path) =>
        key.StartsWith(path, StringComparison.OrdinalIgnoreCase) && (key.Length == path.Length || key[path.Length] == ':');

    private static void CheckKestrel(IConfigurationSection section, List<ConfigurationError> errors)
    {
        CheckValues(section, static s => s.Bind(new KestrelServerOptions()), errors);
        if (!errors.Exists(e => IsAtOrBelow(e.Path, section.Path)))
        {
            KestrelLimits.Check(section, errors);
        }
    }

    // Stock sections have no validator, only a binder. Given one value at a time, it finds every error, and we know its path.
    private static void CheckValues(IConfigurationSection section, Action<IConfigurationSection> bind, List<ConfigurationError> errors)
    {
        foreach (var (path, value) in section.AsEnumerable().Where(static pair => pair.Value is not null))
        {
            try
            {
                bind(new ConfigurationBuilder().AddInMemoryCollection([new(path, value)]).Build().GetSection(section.Path));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                errors.Add(new(path, e.GetBaseException().Message));
            }
        }
    }
}
