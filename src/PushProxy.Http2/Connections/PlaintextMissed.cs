using Microsoft.Extensions.Logging;

namespace PushProxy.Http2.Connections;

/// <summary>
/// The feature of connections that had no TLS when they came here. If a request on one has, TLS comes later in its endpoint, and this
/// layer saw ciphertext.
/// </summary>
internal sealed partial class PlaintextMissed(string endpoint, ILogger logger)
{
    private int _isLogged;

    /// <summary>Says so, once for an endpoint.</summary>
    public void Warn()
    {
        if (Interlocked.Exchange(ref _isLogged, 1) == 0)
        {
            LogOrder(endpoint);
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "{Endpoint} calls UseServerPush() before UseHttps(): it sees ciphertext. Nothing is pushed or hinted. Call it after UseHttps()")]
    private partial void LogOrder(string endpoint);
}
