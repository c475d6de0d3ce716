using System.CommandLine;
using PushProxy.Server.Certificates;
using PushProxy.Server.Configuration;

namespace PushProxy.Server.Commands;

/// <summary>The options from which <c>run</c> and <c>validate</c> make a configuration.</summary>
internal static class CommonOptions
{
    /// <summary>The exit code for a configuration that can't be used.</summary>
    public const int BadConfiguration = 2;

    private static readonly Option<string?> Origin = new("--origin")
    {
        Description = "The site to stand in front of, such as http://127.0.0.1:8000. "
            + "Without it, and without routes in the configuration, a demo site is started.",
        HelpName = "URL",
    };

    private static readonly Option<string[]> Listen = new("--listen")
    {
        Description = "An address to listen on; can be repeated. Default: https://localhost:8443 and http://localhost:8080.",
        HelpName = "URL",
    };

    private static readonly Option<string?> Cert = new("--cert")
    {
        Description = "The certificate, as PEM or PFX. Without it, the program makes a certificate and keeps it.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Key = new("--key")
    {
        Description = "The certificate's key, as PEM, if it is not in the same file.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Config =
        ConfigFile("The configuration file. Default: config/appsettings.json here, else beside the program.");

    private static readonly Option[] All = [Origin, Listen, Cert, Key, Config];

    static CommonOptions() => Array.ForEach<Option>([Origin, Listen, Cert, Key], NotEmpty);

    /// <summary>The option <c>--config</c>.</summary>
    public static Option<string?> ConfigFile(string description)
    {
        var option = new Option<string?>("--config") { Description = description, HelpName = "FILE" };
        NotEmpty(option);
        return option;
    }

    /// <summary>Refuses an empty value, which a script writes if its variable is not set.</summary>
    public static void NotEmpty(Option option) => option.Validators.Add(static result =>
    {
        if (result.Tokens.Any(static t => t.Value.Trim().Length == 0))
        {
            result.AddError($"{result.Option.Name}: the value is empty; leave the option out, or name a {result.Option.HelpName}");
        }
    });

    public static void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Options.Add(option);
        }

        command.TreatUnmatchedTokensAsErrors = false;
    }

    /// <summary>Loads and validates the configuration, and prints each error to standard error, one a line.</summary>
    /// <param name="result">The command line.</param>
    /// <returns>Null when the configuration can't be used.</returns>
    public static async Task<ProxyConfiguration?> LoadAsync(ParseResult result)
    {
        try
        {
            if (!SettingArguments.TryRead(result.UnmatchedTokens, All.Select(static o => o.Name), out var settings, out var error))
            {
                await Terminal.ComplainAsync(error);
                return null;
            }

            if (result.GetValue(Key) is not null && result.GetValue(Cert) is null)
            {
                await Terminal.ComplainAsync("--key names the key of a certificate; name the certificate with --cert");
                return null;
            }

            AddOptions(result, settings);
            var configuration = ProxyConfiguration.Load(result.GetValue(Config), settings);
            var errors = (await ConfigurationValidator.ValidateAsync(configuration.Root)).ToList();
            if (configuration.HasNoSite && (configuration.IsNamed
                || configuration.Root.GetSection("ReverseProxy").GetChildren().Any()))
            {
                // The demo on the public addresses is not what somebody wants who has named a configuration.
                errors.Add(configuration.NoSite);
            }

            foreach (var wrong in errors)
            {
                await Terminal.ComplainAsync(wrong.ToString());
            }

            var options = ServerOptions.From(configuration.Root.GetSection(ConfigurationValidator.Section));
            foreach (var warning in errors.Count == 0 ? CertificateDates.Warnings(options.Certificates, DateTimeOffset.UtcNow) : [])
            {
                await Terminal.ComplainAsync($"Warning: {warning}");
            }

            return errors.Count == 0 ? configuration : null;
        }
        catch (ConfigurationException e)
        {
            await Terminal.ComplainAsync(e.Message);
            return null;
        }
    }

    private static void AddOptions(ParseResult result, Dictionary<string, string?> settings)
    {
        const string section = ConfigurationValidator.Section;
        if (result.GetValue(Origin) is { } origin)
        {
            settings[$"{section}:{nameof(ServerOptions.Origin)}"] = origin;
        }

        if (result.GetValue(Listen) is { Length: > 0 } listen)
        {
            // One text, so that it replaces a list in the file whole.
            settings[$"{section}:{nameof(ServerOptions.Listen)}"] = string.Join(';', listen);
        }

        if (result.GetValue(Cert) is { } certificate)
        {
            var first = $"{section}:{nameof(ServerOptions.Certificates)}:0";
            settings[$"{first}:{nameof(CertificateOptions.Path)}"] = certificate;
            settings[$"{first}:{nameof(CertificateOptions.KeyPath)}"] = result.GetValue(Key) ?? "";
        }
    }
}
