using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using PushProxy.Server.Configuration;
using IPNetwork = System.Net.IPNetwork;

namespace PushProxy.Server.Hosting;

/// <summary>
/// Takes the address, scheme and host of clients from the fields that proxies in front of this one set: <c>X-Forwarded-For</c>,
/// <c>-Proto</c> and <c>-Host</c>, or <c>Forwarded</c> (RFC 7239). From anybody else they are forged.
/// </summary>
internal static class ClientAddresses
{
    private const string Forwarded = "Forwarded";

    /// <param name="app">The application.</param>
    /// <param name="trusted">The proxies' addresses and networks (<see cref="ServerOptions.TrustedProxies"/>).</param>
    public static void UseClientAddresses(this WebApplication app, IReadOnlyList<string> trusted)
    {
        var networks = trusted
            .Select(static text => NetworkAddress.TryParse(text, out var network) ? network : throw new FormatException(text)).ToList();
        app.Use(next => http =>
        {
            var headers = http.Request.Headers;
            if (headers.TryGetValue(Forwarded, out var forwarded))
            {
                // YARP replaces the other fields, but passes this one on.
                headers.Remove(Forwarded);
                if (IsOneOf(networks, http.Connection.RemoteIpAddress))
                {
                    Translate(forwarded.ToString(), headers);
                }
            }

            return next(http);
        });
        if (networks.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        networks.ForEach(options.KnownIPNetworks.Add);
        app.UseForwardedHeaders(options);
    }

    private static bool IsOneOf(List<IPNetwork> networks, IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true })
        {
            address = address.MapToIPv4();
        }

        return address is not null && networks.Exists(n => n.Contains(address));
    }

    // The framework reads the older fields. Those that are there already say the same.
    private static void Translate(string forwarded, IHeaderDictionary headers)
    {
        Set("X-Forwarded-For", "for");
        Set("X-Forwarded-Proto", "proto");
        Set("X-Forwarded-Host", "host");

        void Set(string name, string parameter)
        {
            var values = Values(forwarded, parameter);
            if (values.Count > 0 && !headers.ContainsKey(name))
            {
                headers[name] = string.Join(", ", values);
            }
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
