using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using PushProxy.Client.Pacing;

namespace PushProxy.Client;

/// <summary>Finds what is kept of the connection that a request came by. It lives as long as the connection.</summary>
internal sealed class ClientConnections(ClientCacheOptions cache, PacingLoad load, TimeProvider time)
{
    private static readonly object Key = new();

    /// <summary>What is kept of a request's connection; null for most, of which nothing is kept.</summary>
    public static ClientConnection? Find(HttpContext http)
    {
        if (http.Features.Get<IConnectionItemsFeature>() is not { } feature)
        {
            return null;
        }

        // Requests of one connection run at the same time, and its items are a plain dictionary.
        lock (feature)
        {
            return feature.Items.TryGetValue(Key, out var value) ? (ClientConnection?)value : null;
        }
    }

    /// <summary>The same, made where it is missing; null where the server has no connections (a test host).</summary>
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
