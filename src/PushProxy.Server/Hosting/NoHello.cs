using Microsoft.AspNetCore.Connections;

namespace PushProxy.Server.Hosting;

/// <summary>
/// Ends connections quietly that begin with a TLS record other than a hello. The certificate is chosen by the hello; where .NET gets
/// another record first it goes on without one, and Kestrel does not expect what is thrown then: anybody could fill the log with errors
/// for seven bytes each.
/// </summary>
internal static partial class NoHello
{
    private static readonly object Hello = new();

    /// <summary>Notes that a connection has said hello: what is thrown from now on is none of this.</summary>
    public static void Heard(BaseConnectionContext connection) => connection.Items[Hello] = true;

    /// <summary>For a connection middleware that comes before TLS.</summary>
    public static Func<ConnectionDelegate, ConnectionDelegate> Middleware(ILogger logger) => next => async connection =>
    {
        try
        {
            await next(connection);
        }
        catch (NotSupportedException e) when (!connection.Items.ContainsKey(Hello))
        {
            LogRefused(logger, connection.ConnectionId, e.Message);
        }
    };

    [LoggerMessage(1, LogLevel.Debug, "Connection {Id} did not begin with a TLS hello: {Error}")]
    private static partial void LogRefused(ILogger logger, string id, string error);
}
