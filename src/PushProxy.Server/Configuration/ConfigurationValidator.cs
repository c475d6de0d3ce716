using Microsoft.AspNetCore.Server.Kestrel.Core;
using PushProxy.Server.Certificates;

namespace PushProxy.Server.Configuration;

/// <summary>Everything wrong with a configuration, at once: what <c>validate</c> prints, and what <c>run</c> and a reload refuse.</summary>
internal static class ConfigurationValidator
{
    public const string Section = "PushProxy";

    /// <param name="configuration">All of it.</param>
    /// <param name="running">
    /// What it would replace; null at a start. Certificates that this has, too, are not looked at: they are in use, and one that is just being
    /// renewed must not keep the rest from coming into force.
    /// </param>
    public static async Task<IReadOnlyList<ConfigurationError>> ValidateAsync(IConfiguration configuration, IConfiguration? running = null)
    {
        var errors = new List<ConfigurationError>();
        var section = configuration.GetSection(Section);
        ReadOptions(section, errors);
        Check(ServerOptions.From(section), running is null ? [] : ServerOptions.From(running.GetSection(Section)).Certificates, errors);
        CheckKestrel(configuration.GetSection("Kestrel"), errors);
        var policies = section.GetSection(nameof(PushProxyOptions.Policies)).GetChildren().Select(c => c.Key);
        errors.AddRange(await ReverseProxyValidator.ValidateAsync(configuration.GetSection("ReverseProxy"), [.. policies]));
        return errors;
    }

    /// <summary>Reads what is learned and delivered; what is wrong with it, or with any other key of the section, is added to the errors.</summary>
    /// <param name="section">The section <c>PushProxy</c>.</param>
    /// <param name="errors">Empty, or errors of other sections.</param>
    public static PushProxyOptions ReadOptions(IConfigurationSection section, List<ConfigurationError> errors)
    {
        SectionChecker.Check(section, [typeof(PushProxyOptions), typeof(ServerOptions)], errors);

        // The binder stops at the first value it can't convert: without those, all that is out of range is found as well.
        var readable = section.AsEnumerable().Where(pair => !errors.Exists(e => IsAtOrBelow(pair.Key, e.Path)));
        var sound = new ConfigurationBuilder().AddInMemoryCollection(readable).Build();
        var options = new PushProxyOptions();
        options.Bind(sound.GetSection(section.Path));

        // What a policy (PushProxy:Policies:name:setting) takes from Defaults is wrong there, and told once.
        errors.AddRange(options.Validate(section.Path).Where(e => e.Path.Count(static c => c == ':') < 3 || sound[e.Path] is not null));
        return options;
    }

    private static bool IsAtOrBelow(string key, string path) =>
        key.StartsWith(path, StringComparison.OrdinalIgnoreCase) && (key.Length == path.Length || key[path.Length] == ':');

    // The stock section has no validator, but a binder: given one value at a time, it finds every error, and we know where.
    private static void CheckKestrel(IConfigurationSection section, List<ConfigurationError> errors)
    {
        foreach (var (path, value) in section.AsEnumerable().Where(static pair => pair.Value is not null))
        {
            try
            {
                var alone = new ConfigurationBuilder().AddInMemoryCollection([new(path, value)]).Build();
                alone.GetSection(section.Path).Bind(new KestrelServerOptions());
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                errors.Add(new(path, e.GetBaseException().Message));
            }
        }
    }

    private static void Check(ServerOptions options, IReadOnlyList<CertificateOptions> inUse, List<ConfigurationError> errors)
    {
        if (options.Origin is { } origin && !OriginAddress.TryParse(origin, out _, out var problem))
        {
            errors.Add(new($"{Section}:{nameof(options.Origin)}", problem));
        }

        for (var i = 0; i < options.Listen.Count; i++)
        {
            if (!ListenAddress.TryParse(options.Listen[i], out _, out var error))
            {
                errors.Add(new($"{Section}:{nameof(options.Listen)}:{i}", error));
            }
        }

        var management = options.Management;
        if (management is { Enabled: true, Listen: { } listen })
        {
            var path = $"{Section}:{nameof(options.Management)}:{nameof(management.Listen)}";
            if (!ListenAddress.TryParse(listen, out var address, out var error))
            {
                errors.Add(new(path, error));
            }
            else if (address.Scheme != "http")
            {
                errors.Add(new(path, $"'{listen}': the management listener speaks http only"));
            }
            else if (address.Port != 0 && options.Listen.Any(l => ListenAddress.TryParse(l, out var a, out _) && a.Port == address.Port && !a.IsUnixPipe))
            {
                errors.Add(new(path, $"'{listen}' is a public port; the management listener needs one of its own"));
            }
        }

        for (var i = 0; i < options.Certificates.Count; i++)
        {
            if (inUse.Contains(options.Certificates[i]))
            {
                continue;
            }

            if (!CertificateFile.TryLoad(options.Certificates[i], out var loaded, out var error))
            {
                errors.Add(new($"{Section}:{nameof(options.Certificates)}:{i}", error));
            }

            loaded?.Dispose();
        }
    }
}
