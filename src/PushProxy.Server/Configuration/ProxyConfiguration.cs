namespace PushProxy.Server.Configuration;

/// <summary>The sources in their order: built-in defaults, one file, environment, command line.</summary>
internal sealed class ProxyConfiguration
{
    private static readonly Dictionary<string, string?> BuiltIn = new()
    {
        ["Logging:Console:FormatterName"] = "simple",
        ["Logging:Console:FormatterOptions:SingleLine"] = "true",
        ["Logging:Console:FormatterOptions:TimestampFormat"] = "HH:mm:ss.fff ",
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning",
        ["Logging:LogLevel:Yarp"] = "Warning",
        // One line of our own says what an origin did not do.
        ["Logging:LogLevel:Yarp.ReverseProxy.Forwarder.HttpForwarder"] = "None",
        // The verb run says in one sentence why it could not start.
        ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical",
        // Keys that are not encrypted on disk are as safe as the certificate's key beside them.
        ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",
        // If anything could be logged for a request, hosting makes an activity and a log scope for each request.
        ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",

        // A failed handshake or a garbled request is the client's problem.
        ["Logging:LogLevel:Microsoft.AspNetCore.Server.Kestrel"] = "Error",
    };

    private readonly Dictionary<string, string?> _commandLine;

    private ProxyConfiguration(ConfigurationFile? file, bool isNamed, Dictionary<string, string?> commandLine)
    {
        (File, IsNamed) = (file, isNamed);
        _commandLine = commandLine;
        Root = Compose(file);
    }

    public ConfigurationFile? File { get; }

    /// <summary>Whether the command line names the file.</summary>
    public bool IsNamed { get; }

    public IConfigurationRoot Root { get; }

    /// <summary>Whether there is nothing to stand in front of: neither an origin nor a route.</summary>
    public bool HasNoSite => NamesNoSite(Root);

    /// <summary>The error of a configuration that has to name a site, and does not.</summary>
    public ConfigurationError NoSite => new(
        File?.FilePath ?? "ReverseProxy", "names no site; set PushProxy:Origin, or ReverseProxy:Routes and ReverseProxy:Clusters");

    /// <param name="file">The file named on the command line; null: <c>config/appsettings.json</c> here, else beside the program.</param>
    /// <param name="commandLine">Settings from the command line.</param>
    /// <exception cref="ConfigurationException">The file can't be read.</exception>
    public static ProxyConfiguration Load(string? file, Dictionary<string, string?> commandLine)
    {
        var path = file ?? new[] { Environment.CurrentDirectory, AppContext.BaseDirectory }
            .Select(folder => Path.Combine(folder, "config", "appsettings.json"))
            .FirstOrDefault(System.IO.File.Exists);
        return new ProxyConfiguration(path is null ? null : new ConfigurationFile(path), isNamed: file is not null, commandLine);
    }

    /// <summary>
    /// Reads the file again. The new configuration as a whole takes effect only if nothing is wrong with it.
    /// </summary>
    /// <param name="apply">Makes the change it is given, and returns null, or why the change can't be applied.</param>
    /// <returns>What is wrong; empty if the new configuration is in effect.</returns>
    public async Task<IReadOnlyList<ConfigurationError>> ReloadAsync(Func<Action, Task<Exception?>> apply)
    {
        Dictionary<string, string?> data;
        try
        {
            data = File!.Read();
        }
        catch (ConfigurationException e)
        {
            return [e.Error];
        }

        var candidate = Compose(new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = data });
        var errors = (await ConfigurationValidator.ValidateAsync(candidate, Root)).ToList();
        if (!HasNoSite && NamesNoSite(candidate))
        {
            // A start would refuse it.
            errors.Add(NoSite);
        }

        (candidate as IDisposable)?.Dispose();
        if (errors.Count > 0)
        {
            return errors;
        }

        var before = File.Current;
        if (await apply(() => File.Use(data)) is not { } refused)
        {
            return [];
        }

        await apply(() => File.Use(before));
        return [new("ReverseProxy", $"can't be applied: {refused.GetBaseException().Message} "
            + "If a later change of routes has no effect, restart the program")];
    }

    private static bool NamesNoSite(IConfiguration configuration) =>
        ServerOptions.From(configuration.GetSection(ConfigurationValidator.Section)).Origin is null
        && !configuration.GetSection("ReverseProxy:Routes").GetChildren().Any();

    private IConfigurationRoot Compose(IConfigurationSource? file)
    {
        var builder = new ConfigurationBuilder().AddInMemoryCollection(BuiltIn);
        if (file is not null)
        {
            builder.Add(file);
        }

        return builder.AddEnvironmentVariables().AddInMemoryCollection(_commandLine).Build();
    }
}
