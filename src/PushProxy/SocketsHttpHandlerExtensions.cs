using PushProxy.Forwarding.Interim;

namespace PushProxy;

/// <summary>What PushProxy needs of the clients that ask origins.</summary>
public static class SocketsHttpHandlerExtensions
{
    /// <summary>
    /// Passes 103 Early Hints (RFC 8297) of origins over HTTP/1.1 on to clients, and learns from them. <c>AddPushProxy()</c> does this by
    /// itself for the clients that YARP makes. An application that has called <c>ConfigureHttpClient()</c>, or has a client factory of its
    /// own, calls it there. Without it, such responses are lost, as the client library drops them.
    /// </summary>
    /// <param name="handler">
    /// The handler, before its first request. A <see cref="SocketsHttpHandler.PlaintextStreamFilter"/> that it has stays in effect.
    /// </param>
    /// <returns>The same handler, so that calls can be chained.</returns>
    /// <exception cref="InvalidOperationException">The handler has sent a request.</exception>
    public static SocketsHttpHandler ReadOriginHints(this SocketsHttpHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var inner = handler.PlaintextStreamFilter;
        handler.PlaintextStreamFilter = async (context, cancellation) =>
        {
            var stream = inner is null ? context.PlaintextStream : await inner(context, cancellation).ConfigureAwait(false);
            return context.NegotiatedHttpVersion.Major == 1 ? new InterimStream(stream) : stream;
        };
        return handler;
    }
}
