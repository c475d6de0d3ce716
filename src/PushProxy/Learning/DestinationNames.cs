using System.Text;
using Microsoft.Extensions.Logging;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// Looks for the destination's address in pages and redirects, where it leads clients past the proxy. It is logged once for each
/// destination.
/// </summary>
internal sealed partial class DestinationNames(ILogger<DestinationNames> logger)
{
    /// <summary>The maximum number of destinations remembered that were logged.</summary>
    private const int MaxLogged = 1024;

    private readonly RecentSet<string> _logged = new(MaxLogged);

    /// <summary>What stands before an authority: as it is, escaped in a script, and in a query.</summary>
    private static readonly string[] s_before = ["//", @"\/\/", "%2F%2F", "%2f%2f"];

    /// <summary>Looks at a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="html">Its decoded bytes.</param>
    public void Check(PageDescription page, ReadOnlySpan<byte> html)
    {
        if (AuthorityOf(page.Destination, page.Key.Authority) is { } authority && Holds(html, authority))
        {
            Log(page.Destination!, page.Url?.GetLeftPart(UriPartial.Path) ?? page.Key.Authority);
        }
    }

    /// <summary>Looks at a redirect.</summary>
    /// <param name="location">The Location field.</param>
    /// <param name="host">The public host.</param>
    /// <param name="path">The path that redirects, percent-encoded.</param>
    /// <param name="destination">Where the response came from.</param>
    public void Check(string location, string host, string path, Uri destination)
    {
        if (location.Contains(destination.Host, StringComparison.OrdinalIgnoreCase)
            && destination.GetLeftPart(UriPartial.Authority) is var origin && AuthorityOf(origin, host) is { } authority
            && Holds(Encoding.ASCII.GetBytes(location), authority))
        {
            Log(origin, host + path);
        }
    }

    private string? AuthorityOf(string? origin, string publicAuthority) =>
        origin is not null && !_logged.Contains(origin) && origin[(origin.IndexOf("//", StringComparison.Ordinal) + 2)..] is var authority
            && !authority.Equals(publicAuthority, StringComparison.OrdinalIgnoreCase) ? authority : null;

    private void Log(string origin, string where)
    {
        _logged.Add(origin);
        LogNamed(where, origin);
    }

    private static bool Holds(ReadOnlySpan<byte> text, string authority)
    {
        foreach (var before in s_before)
        {
            var colon = before.Contains('F') ? "%3A" : before.Contains('f') ? "%3a" : ":";
            var sought = Encoding.ASCII.GetBytes(before + authority.Replace(":", colon, StringComparison.Ordinal));
            for (var rest = text; rest.IndexOf(sought) is >= 0 and var at; rest = rest[(at + 1)..])
            {
                var after = rest[(at + sought.Length)..];
                if (after.IsEmpty || !(char.IsAsciiLetterOrDigit((char)after[0]) || after[0] is (byte)'.' or (byte)'-' or (byte)':'))
                {
                    return true;
                }
            }
        }

        return false;
    }

    [LoggerMessage(1, LogLevel.Warning,
        "{Where} names the destination {Destination}, which clients may not reach. The application has to know its public address: by Host "
        + "(PushProxy:Defaults:PreserveHost), or by a setting of its own (docs/applications.md)")]
    private partial void LogNamed(string where, string destination);
}
