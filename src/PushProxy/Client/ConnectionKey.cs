using System.IO.Hashing;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
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
        return !Intermediary.IsBefore(headers) ? Hash(http.Connection.Id)
            : First(headers[Intermediary.ForwardedFor]) is { } client ? Hash(WithoutPort(client))
            : First(headers[Intermediary.Forwarded]) is { } element ? Hash(For(element))
            : headers.ContainsKey(Intermediary.OriginalFor) ? Hash(http.Connection.RemoteIpAddress?.ToString())
            : Unknown;
    }

    private static ulong Hash(string? text) => text is null ? Unknown : XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()));

    // Each intermediary appends the address that it was contacted from, so the first is the client's.
    private static string? First(StringValues field)
    {
        var line = field.Count > 0 ? field[0] ?? "" : "";
        return line[..FieldList.EndOfMember(line, escapes: true, out _)].Trim() is { Length: > 0 } first ? first : null;
    }

    // for=192.0.2.60;proto=http;by=203.0.113.43, for="[2001:db8::1]:4711" (RFC 7239 §4).
    private static string? For(string element) => element.Split(';')
        .Select(static pair => pair.Split('=', 2, StringSplitOptions.TrimEntries))
        .Where(static pair => pair.Length == 2 && pair[0].Equals("for", StringComparison.OrdinalIgnoreCase))
        .Select(static pair => WithoutPort(pair[1].Trim('"'))).FirstOrDefault();

    private static string WithoutPort(string address) => IPEndPoint.TryParse(address, out var end) ? end.Address.ToString() : address;
}
