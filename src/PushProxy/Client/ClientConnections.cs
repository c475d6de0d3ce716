using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using PushProxy.Client.Pacing;

namespace PushProxy.Client;

/// <summary>Finds what is known about the connection of a request. It lives as long as the connection.</summary>
internal sealed class ClientConnections(ClientCacheOptions cache, PacingLoad load, TimeProvider time)
{
    private static readonly object Key = new();

    /// <summary>Returns what is known about the request's connection; null if nothing is, as for most connections.</summary>
    public static ClientConnection? Find(HttpContext http)
    {
        if (http.Features.Get<IConnectionItemsFeature>() is not { } feature)
        {
            return null;
        }

        // Requests of one connection run at the same time, but its items are a plain dictionary.
        lock (feature)
        {
            return feature.Items.TryGetValue(Key, out var value) ? (ClientConnection?)value : null;
        }
    }

    /// <summary>
    /// Returns what is known about the request's connection, and starts it if needed; null if the server has no connections (a test host).
    /// </summary>
    public ClientConnection? FindOrAdd(HttpContext http)
    {
        if (http.Features.Get<IConnectionItemsFeature>() is not { } feature)
        {
            return null;
        }

        lock (feature)
        {
            if (feature.Items.TryGetValue(Key, out var value))
            {
                return (ClientConnection?)value;
            }

            var made = new ClientConnection(http.Features.Get<IConnectionSocketFeature>()?.Socket, load, cache, time);
            feature.Items[Key] = made;
            return made;
        }
    }
}
