using System.Net.Sockets;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace PushProxy.Server.Hosting;

/// <summary>
/// Logs each request that an origin did not answer in one line: what was asked for, whom, why that failed, and what helps. YARP's own lines
/// have a stack trace, which says nothing of the origin.
/// </summary>
internal sealed partial class ForwardErrors(ILogger<ForwardErrors> logger) : ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context)
    {
        context.AddRequestTransform(request =>
        {
            // The server refuses its body as soon as that is read, and nobody is asked then.
            if (request.HttpContext.Request.ContentLength is { } length
                && request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize is { } limit && length > limit)
            {
                LogTooLarge(request.HttpContext.Request.Method, request.HttpContext.Request.GetDisplayUrl(), length, limit);
            }

            return default;
        });
        context.AddResponseTransform(response =>
        {
            if (response.ProxyResponse is null && response.HttpContext.GetForwarderErrorFeature() is { } error)
            {
                Failed(response.HttpContext, error);
            }

            return default;
        });
    }

    private void Failed(HttpContext http, IForwarderErrorFeature error)
    {
        if (error.Error is ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.RequestBodyClient
            || http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone, or sent what is no request. That says nothing of the origin.
            return;
        }

        var (cause, remedy) = Explain(error);
        var destination = http.GetReverseProxyFeature().ProxiedDestination?.Model.Config.Address ?? "its destination";
        LogFailed(http.Request.Method, http.Request.GetDisplayUrl(), http.Response.StatusCode, destination, cause, remedy);
    }

    private static (string Cause, string Remedy) Explain(IForwarderErrorFeature error) => error.Exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            ("cannot be found: its name has no address", "Check the name in PushProxy:Origin or in the cluster"),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } e =>
            ($"does not speak TLS as it should: {e.GetBaseException().Message}",
                "Check the scheme, and whether its certificate is for that name"),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } =>
            ("answered with what is not HTTP", "Check the port, and the origin's own log"),
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } =>
            ("hung up without an answer", "Check the origin's own log"),
        HttpRequestException e when e.GetBaseException() is SocketException socket =>
            ($"cannot be reached: {socket.Message}", "Check that it runs, and that it listens on this address"),
        _ when error.Error == ForwarderError.RequestTimedOut =>
            ("did not answer in time", "ActivityTimeout of the cluster, or Timeout of the route, says how long it may take"),
        { } e => ($"did not answer: {e.GetBaseException().Message}", "Check the origin's own log"),
        null => ($"did not answer ({error.Error})", "Check the origin's own log"),
    };

    [LoggerMessage(1, LogLevel.Warning, "{Method} {Url} is answered {Status}: {Destination} {Cause}. {Remedy}.")]
    private partial void LogFailed(string method, string url, int status, string destination, string cause, string remedy);

    [LoggerMessage(2, LogLevel.Warning,
        "{Method} {Url} is answered 413: its body has {Length} bytes, and {Limit} are allowed. "
        + "Kestrel:Limits:MaxRequestBodySize, or MaxRequestBodySize of the route, says how many.")]
    private partial void LogTooLarge(string method, string url, long length, long limit);
}
