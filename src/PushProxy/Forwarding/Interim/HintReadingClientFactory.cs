using Yarp.ReverseProxy.Forwarder;

namespace PushProxy.Forwarding.Interim;

/// <summary>YARP's own clients, which read what origins hint at.</summary>
internal sealed class HintReadingClientFactory : ForwarderHttpClientFactory
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ReadOriginHints();
    }
}
