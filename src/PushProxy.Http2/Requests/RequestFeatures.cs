using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using PushProxy.Http2.Connections;

namespace PushProxy.Http2.Requests;

/// <summary>Both features of one request, of whichever protocol.</summary>
internal abstract class RequestFeatures : IServerPushFeature, IInformationalResponseFeature
{
    PushOutcome IServerPushFeature.Availability => CanPush;

    InformationalOutcome IInformationalResponseFeature.Availability => CanInform;

    public virtual ServerPush? Promised => null;

    protected abstract PushOutcome CanPush { get; }

    protected abstract InformationalOutcome CanInform { get; }

    /// <summary>Makes the features that the connection of a request allows, and adds them to the request.</summary>
    public static RequestFeatures AddTo(HttpContext context)
    {
        var made = Make(context, context.Features);
        context.Features.Set<IServerPushFeature>(made);
        context.Features.Set<IInformationalResponseFeature>(made);
        return made;
    }

    public abstract PushResult TryPush(string target, IEnumerable<KeyValuePair<string, string>>? headers = null, string method = "GET");

    public abstract ValueTask<InformationalOutcome> SendAsync(int statusCode, IEnumerable<KeyValuePair<string, string>> headers);

    /// <summary>The 1xx statuses of RFC 9110 §15.2 that an application may send: not 100 and 101.</summary>
    protected static bool IsSendable(int statusCode) => statusCode is > 101 and < 200;

    private static bool MissedPlaintext(IFeatureCollection features)
    {
        if (features.Get<PlaintextMissed>() is not { } missed || features.Get<ITlsHandshakeFeature>() is null)
        {
            return false;
        }

        missed.Warn();
        return true;
    }

    // Features of the connection are found through those of its requests.
    private static RequestFeatures Make(HttpContext context, IFeatureCollection features)
    {
        if (features.Get<PushConnection>() is { } connection && features.Get<IHttp2StreamIdFeature>() is { } stream)
        {
            if (!connection.IsHttps && MissedPlaintext(features))
            {
                return NoRequestFeatures.BeforeTls;
            }

            var response = features.GetRequiredFeature<IHttpResponseFeature>();
            return new Http2RequestFeatures(connection, stream.StreamId, context.Request.Host.ToUriComponent(), response);
        }

        // RFC 9110 §15.2: "A server MUST NOT send a 1xx response to an HTTP/1.0 client."
        return features.Get<Http1Connection>() is { } http1 && Microsoft.AspNetCore.Http.HttpProtocol.IsHttp11(context.Request.Protocol)
            ? new Http1RequestFeatures(http1, context.Response)
            : MissedPlaintext(features) ? NoRequestFeatures.BeforeTls : NoRequestFeatures.Instance;
    }
}
