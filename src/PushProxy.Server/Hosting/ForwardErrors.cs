using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Forwarder;

namespace PushProxy.Server.Hosting;

/// <summary>
/// Forwards as YARP does, and logs each request that an origin did not answer in one line: what was asked for, whom, why that failed, and
/// what helps. YARP's own lines have a stack trace, which says nothing of the origin.
/// </summary>
internal sealed partial class ForwardErrors(IHttpForwarder inner, ILogger<ForwardErrors> logger) : IHttpForwarder
{
    /// <summary>Puts it before the forwarder that <c>AddReverseProxy()</c> has registered.</summary>
    public static void Wrap(IServiceCollection services)
    {
        var registered = services.Last(static service => service.ServiceType == typeof(IHttpForwarder));
        services.Replace(ServiceDescriptor.Singleton<IHttpForwarder>(provider => ActivatorUtilities.CreateInstance<ForwardErrors>(
            provider, registered.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!))));
    }

    public ValueTask<ForwarderError> SendAsync(
        HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig,
        HttpTransformer transformer) =>
        ReportAsync(context, inner.SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer));

    public ValueTask<ForwarderError> SendAsync(
        HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig,
        HttpTransformer transformer, CancellationToken cancellationToken) =>
        ReportAsync(context, inner.SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, cancellationToken));

    // What the forwarder returns is looked at, not its feature: to ask each request for a feature that it has not is dear.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwarderError> ReportAsync(HttpContext http, ValueTask<ForwarderError> sending)
    {
        var result = await sending;
        if (result != ForwarderError.None && http.GetForwarderErrorFeature() is { } error)
        {
            Report(http, error);
        }

        return result;
    }

    private void Report(HttpContext http, IForwarderErrorFeature error)
    {
        // Encoded, and without the query, which may hold secrets.
        var url = UriHelper.BuildAbsolute(http.Request.Scheme, http.Request.Host, http.Request.PathBase, http.Request.Path);
        if (http.Response.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            LogTooLarge(http.Request.Method, url);
            return;
        }

        // The client has gone, or sent what is no request. That says nothing of the origin. YARP says itself that there is none.
        if (error.Error is ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.RequestBodyClient
            or ForwarderError.ResponseBodyCanceled or ForwarderError.ResponseBodyClient or ForwarderError.UpgradeRequestCanceled
            or ForwarderError.UpgradeResponseCanceled or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient
            or ForwarderError.NoAvailableDestinations)
        {
            return;
        }

        var (cause, remedy) = Explain(error);
        var destination = http.GetReverseProxyFeature().ProxiedDestination?.Model.Config.Address ?? "its destination";
        var outcome = http.Response.HasStarted ? "is cut off" : $"is answered {http.Response.StatusCode}";
        LogFailed(http.Request.Method, url, outcome, destination, cause, remedy);
    }

    private static (string Cause, string Remedy) Explain(IForwarderErrorFeature error) => error.Exception switch
    {
        _ when error.Error is ForwarderError.ResponseBodyDestination or ForwarderError.UpgradeResponseDestination =>
            ("broke off its answer", "Check the origin's own log"),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            ("cannot be found: its name has no address", "Check the name in PushProxy:Origin or in the cluster"),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } e =>
            ($"does not speak TLS as it should: {Sentence(e)}",
                "Check the scheme, and whether its certificate is for that name"),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } =>
            ("answered with what is not HTTP", "Check the port, and the origin's own log"),
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } =>
            ("hung up without an answer", "Check the origin's own log"),
        HttpRequestException e when e.GetBaseException() is SocketException socket =>
            ($"cannot be reached: {socket.Message}", "Check that it runs, that it listens on this address, and whether it speaks https"),
        _ when error.Error == ForwarderError.RequestTimedOut =>
            ("did not answer in time", "ActivityTimeout of the cluster, or Timeout of the route, says how long it may take"),
        { } e => ($"did not answer: {Sentence(e)}", "Check the origin's own log"),
        null => ($"did not answer ({error.Error})", "Check the origin's own log"),
    };

    private static string Sentence(Exception e) => e.GetBaseException().Message.TrimEnd('.');

    [LoggerMessage(1, LogLevel.Warning, "{Method} {Url} {Outcome}: {Destination} {Cause}. {Remedy}.")]
    private partial void LogFailed(string method, string url, string outcome, string destination, string cause, string remedy);

    [LoggerMessage(2, LogLevel.Warning, "{Method} {Url} is answered 413: its body is larger than allowed. "
        + "Kestrel:Limits:MaxRequestBodySize, or MaxRequestBodySize of the route, says how large it may be.")]
    private partial void LogTooLarge(string method, string url);
}
