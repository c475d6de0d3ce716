using Microsoft.AspNetCore.Connections;

namespace PushProxy.Server.Health;

/// <summary>Marks the connections of the management listener, so that nothing of it can be reached through a public port.</summary>
internal sealed class ManagementConnection
{
    private static readonly ManagementConnection Instance = new();

    public static ConnectionDelegate Mark(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(Instance);
        return next(connection);
    };
}
