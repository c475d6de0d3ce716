using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace PushProxy.Server.Configuration;

/// <summary>Reads an address to listen on.</summary>
internal static class ListenAddress
{
    public static bool TryParse(string text, [NotNullWhen(true)] out BindingAddress? address, out string error)
    {
        address = null;
        error = $"'{text}' is not an address to listen on; write https://localhost:8443, http://*:8080 or http://unix:/run/pushproxy.sock";
        try
        {
            var parsed = BindingAddress.Parse(text);
            if (parsed.Scheme is not ("http" or "https"))
            {
                return false;
            }

            if (parsed.PathBase.Length > 0)
            {
                error = $"'{text}' has a path; an address to listen on must not have one";
                return false;
            }

            // What is no port is taken for a part of the host, and the port for the scheme's.
            if (!parsed.IsUnixPipe
                && (parsed.Port is < 0 or > 65535 || (parsed.Host.Contains(':') && !IPAddress.TryParse(parsed.Host, out _))))
            {
                return false;
            }

            if (!parsed.IsUnixPipe && parsed.Port == 0 && parsed.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            {
                error = $"'{text}': localhost is two addresses, which can't share a port that the system chooses; write 127.0.0.1";
                return false;
            }

            address = parsed;
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>Whether only one of two addresses can be opened.</summary>
    public static bool Meet(BindingAddress one, BindingAddress other) =>
        one.IsUnixPipe || other.IsUnixPipe
            ? one.IsUnixPipe && other.IsUnixPipe && one.UnixPipePath == other.UnixPipePath
            : one.Port == other.Port && one.Port != 0
                && AddressesOf(one).Any(a => AddressesOf(other).Any(b => Covers(a, b) || Covers(b, a)));

    // As the listeners read a host: a name that is none of these stands for every address.
    private static IPAddress[] AddressesOf(BindingAddress address) =>
        address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
        : IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? [ip]
        : [IPAddress.IPv6Any];

    // Kestrel opens [::] for IPv4, too.
    private static bool Covers(IPAddress one, IPAddress other) => one.Equals(other) || one.Equals(IPAddress.IPv6Any)
        || (one.Equals(IPAddress.Any) && other.AddressFamily == AddressFamily.InterNetwork);
}
