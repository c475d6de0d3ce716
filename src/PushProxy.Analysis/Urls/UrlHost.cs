using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PushProxy.Analysis.Urls;

/// <summary>Host and port of an http or https URL (URL §3.5). The port is empty where it is the scheme's own.</summary>
internal readonly record struct UrlHost(string Name, string Port)
{
    // URL, "forbidden domain code point".
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(UrlText.ControlsAndSpace + "#%/:<>?@[\\]^|\x7f");

    private static readonly IdnMapping Idn = new() { AllowUnassigned = true, UseStd3AsciiRules = false };

    /// <summary>Reads <c>host[:port]</c>; null when it is invalid.</summary>
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
                && IPAddress.TryParse(text.AsSpan(1, text.Length - 2), out var address)
                && address.AddressFamily == AddressFamily.InterNetworkV6
                ? $"[{address}]"
                : null;
        }

        var domain = Uri.UnescapeDataString(text);
        if (!Ascii.IsValid(domain) && !TryGetAscii(domain, out domain))
        {
            return null;
        }

        // What ends in a number is an IPv4 address, of which there are more spellings than one (URL §3.5, "ends in a number").
        var lastLabel = domain.TrimEnd('.').Split('.')[^1];
        if (lastLabel.Length > 0 && (lastLabel.All(char.IsAsciiDigit) || lastLabel.StartsWith("0x", StringComparison.OrdinalIgnoreCase)))
        {
            return IPAddress.TryParse(domain.TrimEnd('.'), out var address) ? address.ToString() : null;
        }

        return domain.AsSpan().IndexOfAny(Forbidden) < 0 ? domain.ToLowerInvariant() : null;
    }

    private static bool TryGetAscii(string domain, out string ascii)
    {
        try
        {
            ascii = Idn.GetAscii(domain);
            return true;
        }
        catch (ArgumentException)
        {
            ascii = "";
            return false;
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
