using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Primitives;
using PushProxy.Server.Configuration;
using IPNetwork = System.Net.IPNetwork;

namespace PushProxy.Server.Hosting;

/// <summary>
/// Takes the address and scheme of clients from the fields that proxies in front of this one set: <c>X-Forwarded-For</c> and
/// <c>X-Forwarded-Proto</c>, or <c>Forwarded</c> (RFC 7239). From anybody else they are forged. The host is that of <c>Host</c>: a proxy
/// that does not know <c>X-Forwarded-Host</c> passes on what its client wrote there.
/// </summary>
internal static class ClientAddresses
{
    private const string Forwarded = "Forwarded";
    private const string Address = "X-Forwarded-For";
    private const string Scheme = "X-Forwarded-Proto";

    private static readonly string[] s_all = [Forwarded, Address, Scheme, "X-Forwarded-Host", "X-Forwarded-Prefix"];

    /// <param name="app">The application.</param>
    /// <param name="options">Have the proxies' addresses and networks (<see cref="ServerOptions.TrustedProxies"/>).</param>
    public static void UseClientAddresses(this WebApplication app, ServerOptions options)
    {
        if (options.ProxyProtocol.Count > 0)
        {
            app.Use(DropOverProxyProtocol);
        }

        var trusted = options.TrustedProxies;
        if (trusted.Count == 0)
        {
            return;
        }

        var networks = Networks(trusted);
        app.Use(next => http =>
        {
            var headers = http.Request.Headers;
            if (headers.TryGetValue(Forwarded, out var forwarded) && IsOneOf(networks, http.Connection.RemoteIpAddress))
            {
                Translate(forwarded.ToString(), headers);
            }

            if (headers.TryGetValue(Scheme, out var schemes))
            {
                KeepAsManyAs(headers, schemes);
            }

            return next(http);
        });
        var fields = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        fields.KnownProxies.Clear();
        fields.KnownIPNetworks.Clear();
        networks.ForEach(fields.KnownIPNetworks.Add);
        app.UseForwardedHeaders(fields);
    }

    /// <exception cref="FormatException">A text is neither an address nor a network.</exception>
    public static List<IPNetwork> Networks(IEnumerable<string> trusted) =>
        [.. trusted.Select(static text => NetworkAddress.TryParse(text, out var network) ? network : throw new FormatException(text))];

    /// <summary>Whether an address is one of the networks'.</summary>
    public static bool IsOneOf(IReadOnlyList<IPNetwork> networks, IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true })
        {
            address = address.MapToIPv4();
        }

        return address is not null && networks.Any(n => n.Contains(address));
    }

    // Who speaks the PROXY protocol does not write into requests, so a client did. Its address says nothing else: TrustedProxies are the
    // balancer's network, in which a client may be, too.
    private static RequestDelegate DropOverProxyProtocol(RequestDelegate next) => http =>
    {
        if (ProxyProtocol.IsSpokenOn(http))
        {
            foreach (var field in s_all)
            {
                http.Request.Headers.Remove(field);
            }
        }

        return next(http);
    };

    // The framework reads the older fields. Where a proxy sets those, Forwarded is its client's.
    private static void Translate(string forwarded, IHeaderDictionary headers)
    {
        if (headers.ContainsKey(Address) || headers.ContainsKey(Scheme))
        {
            return;
        }

        if (Values(forwarded, "for") is { Count: > 0 } addresses)
        {
            headers[Address] = string.Join(", ", addresses);
        }

        if (Values(forwarded, "proto") is { Count: > 0 } schemes)
        {
            headers[Scheme] = string.Join(", ", schemes);
        }
    }

    // The framework would go further back in one field than in the other, to what a client wrote.
    private static void KeepAsManyAs(IHeaderDictionary headers, StringValues schemes)
    {
        var all = schemes.ToString().Split(',');
        var addresses = headers[Address].ToString() is { Length: > 0 } text ? text.Split(',').Length : 1;
        if (all.Length > addresses)
        {
            headers[Scheme] = string.Join(',', all.TakeLast(addresses));
        }
    }

    // Each proxy adds an element (RFC 7239 §4), the nearest one at the end. If one does not say something, what is said before it belongs
    // to another hop. Commas and semicolons stand in no address, scheme or host.
    private static List<string> Values(string forwarded, string parameter)
    {
        var values = new List<string>();
        foreach (var element in forwarded.Split(',').Reverse())
        {
            if (Value(element, parameter) is not { } value)
            {
                break;
            }

            values.Insert(0, value);
        }

        return values;
    }

    private static string? Value(string element, string parameter)
    {
        foreach (var pair in element.Split(';'))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at > 0 && pair.AsSpan(0, at).Trim().Equals(parameter, StringComparison.OrdinalIgnoreCase))
            {
                return pair[(at + 1)..].Trim().Trim('"');
            }
        }

        return null;
    }
}
