using Microsoft.Extensions.Options;
using PushProxy.Server.Certificates;

namespace PushProxy.Server.Configuration;

/// <summary>
/// Finds every error in <see cref="ServerOptions"/>, each with its configuration path. The host runs it at start; <c>validate</c> and a
/// reload run it by way of <see cref="ConfigurationValidator"/>.
/// </summary>
/// <param name="inUse">
/// Certificates that a running program has loaded. They are not loaded again: a certificate that is being renewed at this moment must
/// not keep the rest of a configuration from taking effect.
/// </param>
internal sealed class ServerOptionsValidator(IReadOnlyList<CertificateOptions> inUse) : IValidateOptions<ServerOptions>
{
    private const string Section = ConfigurationValidator.Section;

    // As the attribute of the property says.
    private static readonly TimeSpan s_longestDrain = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, ServerOptions options)
    {
        var errors = Errors(options).Select(static e => e.ToString()).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>Everything wrong with the options; empty if they can be used.</summary>
    public IReadOnlyList<ConfigurationError> Errors(ServerOptions options)
    {
        var errors = new List<ConfigurationError>();
        if (options.Origin is { } origin && !OriginAddress.TryParse(origin, out _, out var problem))
        {
            errors.Add(new($"{Section}:{nameof(options.Origin)}", problem));
        }

        for (var i = 0; i < options.TrustedProxies.Count; i++)
        {
            if (!NetworkAddress.TryParse(options.TrustedProxies[i], out _))
            {
                errors.Add(new($"{Section}:{nameof(options.TrustedProxies)}:{i}",
                    $"'{options.TrustedProxies[i]}' is neither an IP address nor a network; write 10.0.0.5 or 10.0.0.0/8"));
            }
        }

        for (var i = 0; i < options.ProxyProtocol.Count; i++)
        {
            var path = $"{Section}:{nameof(options.ProxyProtocol)}:{i}";
            if (!options.Listen.Contains(options.ProxyProtocol[i], StringComparer.OrdinalIgnoreCase))
            {
                errors.Add(new(path, $"'{options.ProxyProtocol[i]}' is not one of PushProxy:Listen: {string.Join(", ", options.Listen)}"));
            }
            else if (options.TrustedProxies.Count == 0 && ListenAddress.TryParse(options.ProxyProtocol[i], out var address, out _)
                && !address.IsUnixPipe)
            {
                errors.Add(new(path, "PushProxy:TrustedProxies has to say whose connections these are: anybody could claim any address"));
            }
        }

        if (options.RedirectToHttps == true && !options.Listen.Any(static l => l.StartsWith("https:", StringComparison.OrdinalIgnoreCase)))
        {
            errors.Add(new($"{Section}:{nameof(options.RedirectToHttps)}", "there is no https address in PushProxy:Listen to redirect to"));
        }

        if (options.StrictTransportSecurity is { } hsts
            && (!hsts.Split(';').Any(static d => IsMaxAge(d.Trim())) || hsts.AsSpan().ContainsAnyExceptInRange(' ', '~')))
        {
            errors.Add(new($"{Section}:{nameof(options.StrictTransportSecurity)}",
                $"'{hsts}' has no max-age; write max-age=31536000, and includeSubDomains after a semicolon if all names below have it"));
        }

        if (options.DrainTime < TimeSpan.Zero || options.DrainTime > s_longestDrain)
        {
            errors.Add(new($"{Section}:{nameof(options.DrainTime)}",
                $"must be between {TimeSpan.Zero:c} and {s_longestDrain:c}, but is {options.DrainTime:c}"));
        }

        for (var i = 0; i < options.Listen.Count; i++)
        {
            if (!ListenAddress.TryParse(options.Listen[i], out _, out var error))
            {
                errors.Add(new($"{Section}:{nameof(options.Listen)}:{i}", error));
            }
            else if (options.Listen.Take(i).FirstOrDefault(other => Meet(other, options.Listen[i])) is { } taken)
            {
                errors.Add(new($"{Section}:{nameof(options.Listen)}:{i}",
                    $"'{options.Listen[i]}' and '{taken}' open the same port, which can be opened once, for http or for https"));
            }
        }

        if (options.Management is { Enabled: true, Listen: { } listen } && ProblemWithManagement(listen, options.Listen) is { } wrong)
        {
            errors.Add(new($"{Section}:{nameof(options.Management)}:{nameof(ManagementOptions.Listen)}", wrong));
        }

        for (var i = 0; i < options.Management.Hosts.Count; i++)
        {
            if (Uri.CheckHostName(options.Management.Hosts[i]) == UriHostNameType.Unknown)
            {
                errors.Add(new($"{Section}:{nameof(options.Management)}:{nameof(ManagementOptions.Hosts)}:{i}",
                    $"'{options.Management.Hosts[i]}' is not a host name; write it without scheme and port, such as proxy.example.com"));
            }
        }

        for (var i = 0; i < options.Certificates.Count; i++)
        {
            if (!inUse.Contains(options.Certificates[i]) && ProblemWithCertificate(options.Certificates[i]) is { } unusable)
            {
                errors.Add(new($"{Section}:{nameof(options.Certificates)}:{i}", unusable));
            }
        }

        errors.AddRange(options.AccessLog.Errors($"{Section}:{nameof(options.AccessLog)}"));
        errors.AddRange(options.Shared.Errors($"{Section}:{nameof(options.Shared)}"));
        return errors;
    }

    private static bool IsMaxAge(string directive) => directive.StartsWith("max-age=", StringComparison.OrdinalIgnoreCase)
        && directive[8..].Trim('"') is { Length: > 0 } age && age.All(char.IsAsciiDigit);

    private static bool Meet(string one, string other) => ListenAddress.TryParse(one, out var first, out _)
        && ListenAddress.TryParse(other, out var second, out _) && ListenAddress.Meet(first, second);

    private static string? ProblemWithManagement(string listen, IReadOnlyList<string> publicAddresses)
    {
        if (!ListenAddress.TryParse(listen, out var address, out var error))
        {
            return error;
        }

        if (address.Scheme != "http")
        {
            return $"'{listen}': the management listener speaks http only";
        }

        bool IsPublic(string text) => ListenAddress.TryParse(text, out var other, out _) && other.Port == address.Port && !other.IsUnixPipe;
        return address.Port != 0 && publicAddresses.Any(IsPublic)
            ? $"'{listen}' is a public port; the management listener needs its own"
            : null;
    }

    private static string? ProblemWithCertificate(CertificateOptions options)
    {
        var isLoaded = CertificateFile.TryLoad(options, out var loaded, out var error);
        loaded?.Dispose();
        return isLoaded ? null : error;
    }
}
