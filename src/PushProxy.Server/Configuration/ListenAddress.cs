using System.Diagnostics.CodeAnalysis;
using System.Net;

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
}
