using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;
using PushProxy.Http2;
using PushProxy.Server.Certificates;
using PushProxy.Server.Configuration;
using PushProxy.Server.Health;

namespace PushProxy.Server.Hosting;

/// <summary>The addresses the program listens on; once it runs, with the ports the system chose.</summary>
internal sealed class Listeners
{
    private readonly List<ListenOptions> _public = [];
    private ListenOptions? _management;

    /// <summary>The public addresses.</summary>
    public IEnumerable<string> Public => _public.Select(Describe).Distinct();

    /// <summary>The port of the first public https address; null if there is none.</summary>
    public int? HttpsPort => Public.FirstOrDefault(static text => text.StartsWith("https:", StringComparison.Ordinal)) is { } text
        ? new Uri(text.Replace("[::]", "localhost", StringComparison.Ordinal)).Port : null;

    /// <summary>The address of the management listener; null if it is turned off.</summary>
    public string? Management => _management is null ? null : Describe(_management);

    /// <exception cref="OptionsValidationException">The options of the program are not valid.</exception>
    public void Configure(KestrelServerOptions kestrel)
    {
        var options = kestrel.ApplicationServices.GetRequiredService<IOptions<ServerOptions>>().Value;
        var log = kestrel.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ProxyProtocol).FullName!);
        foreach (var text in options.Listen)
        {
            var isProxied = options.ProxyProtocol.Contains(text, StringComparer.OrdinalIgnoreCase);
            Listen(kestrel, text, _public.Add, isProxied ? new ProxyProtocol(ClientAddresses.Networks(options.TrustedProxies), log) : null);
        }

        if (options.Management.Enabled)
        {
            Listen(kestrel, options.Management.Listen ?? FreeDefault(options.Listen), listen =>
            {
                _management = listen;
                listen.Use(ManagementConnection.Mark);
            });
        }
    }

    private static void Listen(
        KestrelServerOptions kestrel, string text, Action<ListenOptions> configured, ProxyProtocol? proxyProtocol = null)
    {
        if (!ListenAddress.TryParse(text, out var address, out var error))
        {
            throw new InvalidOperationException(error);
        }

        void Configure(ListenOptions listen)
        {
            if (proxyProtocol is not null)
            {
                listen.Use(proxyProtocol.Middleware);
            }

            if (address.Scheme == "https")
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                var log = kestrel.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(NoHello).FullName!);
                listen.Use(PlainHttp.Middleware);
                listen.Use(NoHello.Middleware(log));
                var certificates = kestrel.ApplicationServices.GetRequiredService<CertificateStore>();
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = context =>
                    {
                        NoHello.Heard(context.Connection);
                        return new(certificates.Select(context.ClientHelloInfo.ServerName));
                    },
                });

                // After TLS: it has to see plaintext.
                listen.UseServerPush();
            }
            else
            {
                // Without TLS there is nothing to agree on HTTP/2 with (RFC 9113 §3.2).
                listen.Protocols = HttpProtocols.Http1;
            }

            configured(listen);
        }

        if (address.IsUnixPipe)
        {
            kestrel.ListenUnixSocket(address.UnixPipePath, Configure);
        }
        else if (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            kestrel.ListenLocalhost(address.Port, Configure);
        }
        else if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip))
        {
            kestrel.Listen(ip, address.Port, Configure);
        }
        else
        {
            kestrel.ListenAnyIP(address.Port, Configure);
        }
    }

    // A second proxy on one machine must not fail because of a port that nobody configured.
    private static string FreeDefault(IEnumerable<string> publicAddresses)
    {
        var wanted = new Uri(ManagementOptions.DefaultListen);
        bool IsTaken(string text) =>
            ListenAddress.TryParse(text, out var address, out _) && !address.IsUnixPipe && address.Port == wanted.Port;
        if (publicAddresses.Any(IsTaken))
        {
            return "http://127.0.0.1:0";
        }

        try
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, wanted.Port));
            probe.Listen();
            return ManagementOptions.DefaultListen;
        }
        catch (SocketException)
        {
            return "http://127.0.0.1:0";
        }
    }

    private static string Describe(ListenOptions listen) => listen.ToString() ?? "";
}
