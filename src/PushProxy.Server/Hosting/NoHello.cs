using Microsoft.AspNetCore.Connections;

namespace PushProxy.Server.Hosting;

/// <summary>
/// Ends connections without an error if they begin with a TLS record other than a hello. The hello chooses the certificate. If .NET
/// reads another record first, it goes on without a certificate and throws what Kestrel does not expect: anybody could fill the log
/// with an error for each seven bytes they send.
/// </summary>
internal static partial class NoHello
{
    private static readonly object Hello = new();

    /// <summary>Notes that a connection has sent its hello. What is thrown from now on has other causes.</summary>
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
