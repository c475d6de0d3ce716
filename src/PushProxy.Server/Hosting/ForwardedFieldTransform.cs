using Microsoft.AspNetCore.HttpOverrides;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace PushProxy.Server.Hosting;

/// <summary>
/// Leaves out a client's own <c>Forwarded</c> (RFC 7239). YARP writes the older fields anew for the origin, but passes this one on. What a
/// transform of the route has written there stays.
/// </summary>
internal sealed class ForwardedFieldTransform : ITransformProvider
{
    private const string Field = "Forwarded";

    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context) => context.AddRequestTransform(static request =>
    {
        if (request.HttpContext.Request.Headers.TryGetValue(Field, out var sent)
            && request.ProxyRequest.Headers.NonValidated.TryGetValues(Field, out var forwarded) && forwarded.SequenceEqual(sent))
        {
            request.ProxyRequest.Headers.Remove(Field);
        }

        // The framework keeps here what it has taken over. It says who the proxies in front are.
        request.ProxyRequest.Headers.Remove(ForwardedHeadersDefaults.XOriginalForHeaderName);
        request.ProxyRequest.Headers.Remove(ForwardedHeadersDefaults.XOriginalProtoHeaderName);
        return default;
    });
}
