using System.ComponentModel.DataAnnotations;
using System.Globalization;
using PushProxy.Server.Certificates;

namespace PushProxy.Server.Configuration;

/// <summary>
/// The part of the section <c>PushProxy</c> that says where the program listens and which site it stands in front of. Read at start.
/// </summary>
internal sealed class ServerOptions
{
    public static readonly IReadOnlyList<string> DefaultListen = ["https://localhost:8443", "http://localhost:8080"];

    /// <summary>
    /// The site to stand in front of: short for one catch-all route. Null: the routes of <c>ReverseProxy</c>, or the demo.
    /// </summary>
    public string? Origin { get; set; }

    /// <summary>Where clients connect: <c>https://host:port</c> (HTTP/1.1 and HTTP/2), <c>http://host:port</c> (HTTP/1.1).</summary>
    public IReadOnlyList<string> Listen { get; set; } = DefaultListen;

    /// <summary>Certificates by the name a client asks for (SNI); the first is the default. Empty: one is made and kept.</summary>
    public IReadOnlyList<CertificateOptions> Certificates { get; set; } = [];

    /// <summary>
    /// The addresses and networks of proxies in front of this one. Only they are believed what they say of a client's address and
    /// scheme. Default empty.
    /// </summary>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];

    /// <summary>
    /// Those of <see cref="Listen"/> whose connections begin with the PROXY protocol, version 1 or 2. They must come from
    /// <see cref="TrustedProxies"/>. Default empty.
    /// </summary>
    public IReadOnlyList<string> ProxyProtocol { get; set; } = [];

    /// <summary>
    /// Whether requests by http are redirected to https, if there are listeners for both. Null, the default: if a certificate is configured
    /// and the host is a name with a dot. Requests of certificate authorities (ACME) are never redirected.
    /// </summary>
    public bool? RedirectToHttps { get; set; }

    /// <summary>
    /// The field Strict-Transport-Security (RFC 6797) of responses by https that have none, such as <c>max-age=31536000</c>. Null: none.
    /// </summary>
    public string? StrictTransportSecurity { get; set; }

    /// <summary>The listener for health checks.</summary>
    public ManagementOptions Management { get; set; } = new();

    /// <summary>The log of all requests.</summary>
    public AccessLogOptions AccessLog { get; set; } = new();

    /// <summary>What is measured beside what the program counts itself.</summary>
    public MetricsOptions Metrics { get; set; } = new();

    /// <summary>What several instances have in common.</summary>
    public SharedOptions Shared { get; set; } = new();

    /// <summary>
    /// How long the program still accepts connections after it was told to stop, while <c>/healthz/ready</c> already says that it is
    /// not ready. So a load balancer notices before connections are refused. Default zero: it stops at once. At most ten minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainTime { get; set; }

    /// <summary>
    /// Where the program keeps the files it makes: <see cref="PushProxyOptions.DataDirectory"/>. Null: the user's local application data.
    /// </summary>
    internal string? DataDirectory { get; set; }

    /// <summary>The options in a configuration section, which need not be valid.</summary>
    public static ServerOptions From(IConfiguration section)
    {
        var options = new ServerOptions();
        options.Bind(section);
        return options;
    }

    /// <summary>Takes over what a configuration section sets; what it leaves out keeps its default.</summary>
    public void Bind(IConfiguration section)
    {
        Origin = Text(section, nameof(Origin));
        Listen = Items(section.GetSection(nameof(Listen))) is { Count: > 0 } listen ? listen : DefaultListen;
        Certificates = [.. section.GetSection(nameof(Certificates)).GetChildren().Select(CertificateOptions.From)];
        Management = ManagementOptions.From(section.GetSection(nameof(Management)));
        AccessLog = AccessLogOptions.From(section.GetSection(nameof(AccessLog)));
        Metrics = MetricsOptions.From(section.GetSection(nameof(Metrics)));
        Shared = SharedOptions.From(section.GetSection(nameof(Shared)));
        DataDirectory = Text(section, nameof(DataDirectory));
        DrainTime = TimeSpan.TryParse(section[nameof(DrainTime)], CultureInfo.InvariantCulture, out var drain) ? drain : TimeSpan.Zero;
        TrustedProxies = Items(section.GetSection(nameof(TrustedProxies)));
        ProxyProtocol = Items(section.GetSection(nameof(ProxyProtocol)));
        RedirectToHttps = bool.TryParse(section[nameof(RedirectToHttps)], out var redirect) ? redirect : null;
        StrictTransportSecurity = Text(section, nameof(StrictTransportSecurity));
    }

    internal static string? Text(IConfiguration section, string name) => section[name] is { Length: > 0 } text ? text : null;

    /// <summary>A list, or one text with semicolons, which replaces the whole list of an earlier source.</summary>
    internal static List<string> Items(IConfigurationSection section) =>
        section.Value is { Length: > 0 } text
            ? [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]
            : [.. section.GetChildren().Select(c => c.Value ?? "")];
}

/// <summary>The management listener, which shares no port with the public ones.</summary>
internal sealed record ManagementOptions
{
    public const string DefaultListen = "http://127.0.0.1:8081";

    /// <summary>
    /// Null: the default address, or another port if that one is taken. <c>none</c>: no management listener.
    /// </summary>
    public string? Listen { get; init; }

    /// <summary>
    /// Host names, without a port, under which the listener answers beside localhost, addresses, and the name in <see cref="Listen"/>.
    /// A request for another name is refused with 421, because a browser may have been led here under it (DNS rebinding). Default empty.
    /// </summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    public bool Enabled => !string.Equals(Listen, "none", StringComparison.OrdinalIgnoreCase);

    public static ManagementOptions From(IConfiguration section) => new()
    {
        Listen = ServerOptions.Text(section, nameof(Listen)),
        Hosts = ServerOptions.Items(section.GetSection(nameof(Hosts))),
    };
}
