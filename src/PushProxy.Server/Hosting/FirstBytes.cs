using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace PushProxy.Server.Hosting;

/// <summary>How long a connection may take for what it begins with, before TLS and HTTP have limits of their own.</summary>
internal static class FirstBytes
{
    // As TLS has for its handshake.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Begins the time. It also ends when the program does: nobody waits for a client that has said nothing.</summary>
    public static CancellationTokenSource Limit(ConnectionContext connection)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default);
        limit.CancelAfter(s_patience);
        return limit;
    }
}
