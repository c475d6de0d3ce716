using System.Globalization;
using System.Net;

namespace PushProxy.Server.Configuration;

/// <summary>Checks what a route has in <c>Match:Hosts</c>, as routing reads it.</summary>
internal static class HostPattern
{
    /// <summary>
    /// Returns what is wrong; null for <c>host</c>, <c>*.host</c> or <c>*</c>, each with or without <c>:port</c> or <c>:*</c>.
    /// </summary>
    public static string? Problem(string text)
    {
        if (IPAddress.TryParse(text, out _) && text.Contains(':', StringComparison.Ordinal))
        {
            return $"'{text}': routing can't tell requests apart by an IPv6 address; leave it out";
        }

        var parts = text.Split(':');
        var name = parts[0].StartsWith("*.", StringComparison.Ordinal) ? parts[0][2..] : parts[0];
        var isHost = parts[0] == "*" || (name.Length > 0 && name.All(IsOfName));
        var isPort = parts.Length < 2 || parts[1] == "*"
            || (ushort.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0);
        return isHost && isPort && parts.Length <= 2 ? null
            : $"'{text}' is not a host; write www.example.org, *.example.org or www.example.org:8443, without scheme and path";
    }

    // Names with letters of all languages are written as they are.
    private static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c > '\u007f' || c is '.' or '-' or '_';
}
