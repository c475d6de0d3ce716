using Microsoft.Extensions.Configuration;
using PushProxy.Server.Certificates;

namespace PushProxy.Server.Configuration;

/// <summary>Everything wrong with a configuration, at once: what <c>validate</c> prints, and what <c>run</c> and a reload refuse.</summary>
internal static class ConfigurationValidator
{
    public const string Section = "PushProxy";

    public static async Task<IReadOnlyList<ConfigurationError>> ValidateAsync(IConfiguration configuration)
    {
        var errors = new List<ConfigurationError>();
        var section = configuration.GetSection(Section);
        SectionChecker.Check(section, [typeof(PushProxyOptions), typeof(ServerOptions)], errors);
        if (errors.Count == 0)
        {
            var options = new PushProxyOptions();
            options.Bind(section);
            errors.AddRange(options.Validate(Section));
        }

        Check(ServerOptions.From(section), errors);
        var policies = section.GetSection(nameof(PushProxyOptions.Policies)).GetChildren().Select(c => c.Key);
        errors.AddRange(await ReverseProxyValidator.ValidateAsync(configuration.GetSection("ReverseProxy"), [.. policies]));
        return errors;
    }

    private static void Check(ServerOptions options, List<ConfigurationError> errors)
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
            if (!CertificateFile.TryLoad(options.Certificates[i], out var loaded, out var error))
            {
                errors.Add(new($"{Section}:{nameof(options.Certificates)}:{i}", error));
            }

            loaded?.Dispose();
        }
    }
}
