using PushProxy.Server.Certificates;

namespace PushProxy.Server.Configuration;

/// <summary>The part of the section <c>PushProxy</c> that says where the program listens and what it fronts.</summary>
internal sealed record ServerOptions
{
    public static readonly IReadOnlyList<string> DefaultListen = ["https://localhost:8443", "http://localhost:8080"];

    /// <summary>The site to stand in front of: short for one catch-all route. Null: the routes of <c>ReverseProxy</c>, or the demo.</summary>
    public string? Origin { get; init; }

    /// <summary>Where clients come in: <c>https://host:port</c> (HTTP/1.1 and HTTP/2), <c>http://host:port</c> (HTTP/1.1).</summary>
    public IReadOnlyList<string> Listen { get; init; } = DefaultListen;

    /// <summary>Certificates by name asked for (SNI); the first is the default. Empty: one is made and kept.</summary>
    public IReadOnlyList<CertificateOptions> Certificates { get; init; } = [];

    /// <summary>The listener for health checks.</summary>
    public ManagementOptions Management { get; init; } = new();

    /// <summary>Where the program keeps what it makes itself. Null: the user's local application data.</summary>
    public string? DataDirectory { get; init; }

    public static ServerOptions From(IConfiguration section) => new()
    {
        Origin = Text(section, nameof(Origin)),
        Listen = Items(section.GetSection(nameof(Listen))) is { Count: > 0 } listen ? listen : DefaultListen,
        Certificates = [.. section.GetSection(nameof(Certificates)).GetChildren().Select(CertificateOptions.From)],
        Management = ManagementOptions.From(section.GetSection(nameof(Management))),
        DataDirectory = Text(section, nameof(DataDirectory)),
    };

    internal static string? Text(IConfiguration section, string name) => section[name] is { Length: > 0 } text ? text : null;

    /// <summary>A list, or one text with semicolons, which replaces a list of an earlier source whole.</summary>
    private static List<string> Items(IConfigurationSection section) =>
        section.Value is { Length: > 0 } text
            ? [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]
            : [.. section.GetChildren().Select(c => c.Value ?? "")];
}

/// <summary>The management listener, off the public ports.</summary>
internal sealed record ManagementOptions
{
    public const string DefaultListen = "http://127.0.0.1:8081";

    /// <summary>Null: the default address, or another port where that one is taken. <c>none</c>: no management listener.</summary>
    public string? Listen { get; init; }

    public bool Enabled => !string.Equals(Listen, "none", StringComparison.OrdinalIgnoreCase);

    public static ManagementOptions From(IConfiguration section) => new() { Listen = ServerOptions.Text(section, nameof(Listen)) };
}
