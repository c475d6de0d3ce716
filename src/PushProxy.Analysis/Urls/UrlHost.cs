using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PushProxy.Analysis.Urls;

/// <summary>Host and port of an http or https URL (URL §3.5). The port is empty where it is the scheme's own.</summary>
internal readonly record struct UrlHost(string Name, string Port)
{
    // More than URL §3.1, "forbidden domain code points", without those that end the authority before they are seen here.
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(UrlText.ControlsAndSpace + "#%/:<>?@[\\]^|\"'`{}\x7f");

    private static readonly IdnMapping Idn = new() { AllowUnassigned = true, UseStd3AsciiRules = false };

    /// <summary>Reads <c>host[:port]</c>; null when it is none.</summary>
    public static UrlHost? Parse(string authority, string scheme)
    {
        var bracket = authority.LastIndexOf(']');
        var colon = authority.IndexOf(':', Math.Max(bracket, 0));
        var name = NameOf(colon < 0 ? authority : authority[..colon]);
        var port = PortOf(colon < 0 ? "" : authority[(colon + 1)..], scheme);
        return name is null || port is null ? null : new UrlHost(name, port);
    }

    private static string? NameOf(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (text[0] == '[')
        {
            return text[^1] == ']' && !text.Contains('%')
                && IPAddress.TryParse(text.AsSpan(1, text.Length - 2), out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
                ? $"[{address}]"
                : null;
        }

        try
        {
            var domain = Uri.UnescapeDataString(text);
            var ascii = Ascii.IsValid(domain) ? domain : Idn.GetAscii(domain);
            var valid = ascii.AsSpan().IndexOfAny(Forbidden) < 0;
            return valid ? ascii.ToLowerInvariant() : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string? PortOf(string text, string scheme)
    {
        if (text.Length == 0)
        {
            return "";
        }

        // No sign, no white space, no group separators.
        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port == (scheme == "https" ? 443 : 80) ? "" : port.ToString(CultureInfo.InvariantCulture)
            : null;
    }
}
