using System.IO.Hashing;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Cache.Fields;
using PushProxy.Model;

namespace PushProxy.Client;

/// <summary>
/// Tells apart the connections that clients come over. Behind an intermediary, connections say nothing: it carries the requests of one
/// client over several, and of several clients over one. Then the client's address, as the intermediary states it, stands for the
/// connection.
/// </summary>
internal static class ConnectionKey
{
    /// <summary>What stands for all clients that nothing tells apart.</summary>
    private const ulong Unknown = 0;

    /// <summary>Returns what stands for the connection of a request.</summary>
    public static ulong Of(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (!Intermediary.IsBefore(headers))
        {
            return http.Connection.Id is { } id ? Hash(id) : Unknown;
        }

        var client = First(headers[Intermediary.ForwardedFor]) is { } first ? Address(first)
            : First(headers[Intermediary.Forwarded]) is { } element ? For(element)
            : headers[Intermediary.RealAddress] is [{ } real] ? Address(real)
            : headers.ContainsKey(Intermediary.OriginalFor) ? http.Connection.RemoteIpAddress : null;

        // A name that an intermediary makes up, as RFC 7239 §6.3 has it, may be another one in each request.
        return client is null ? Unknown : Hash(AddressPrefix.HostOf(client).ToString());
    }

    private static ulong Hash(string text) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()));

    // Each intermediary appends the address that it was contacted from, so the first is the client's.
    private static string? First(StringValues field)
    {
        foreach (var line in field)
        {
            for (var rest = line.AsSpan(); !rest.IsEmpty;)
            {
                if (FieldList.Next(ref rest, escapes: true, out _) is { IsEmpty: false } first)
                {
                    return first.ToString();
                }
            }
        }

        return null;
    }

    // for=192.0.2.60;proto=http;by=203.0.113.43, for="[2001:db8::1]:4711" (RFC 7239 §4).
    private static IPAddress? For(string element) => element.Split(';')
        .Select(static pair => pair.Split('=', 2, StringSplitOptions.TrimEntries))
        .Where(static pair => pair.Length == 2 && pair[0].Equals("for", StringComparison.OrdinalIgnoreCase))
        .Select(static pair => Address(pair[1])).FirstOrDefault();

    private static IPAddress? Address(string text)
    {
        text = text.Trim().Trim('"').Trim();
        if (IPAddress.TryParse(text, out var address) || IPAddress.TryParse(text.Trim('[', ']'), out address))
        {
            return address;
        }

        // With a port, of digits or not (RFC 7239 §6).
        var colon = text.LastIndexOf(':');
        return colon > 0 && IPAddress.TryParse(text[..colon].Trim('[', ']'), out address) ? address : null;
    }
}
