using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PushProxy.Client;
using PushProxy.Diagnostics;
using PushProxy.Model;
using Yarp.ReverseProxy.Forwarder;

namespace PushProxy.Learning;

/// <summary>
/// Fetches a resource of a site through the proxy's own routes. Their clusters, transforms and limits apply, and the answer is observed
/// like any other. The request has no cookies, so it gets what anybody gets. It says that the proxy makes it, and that it does not come
/// from the origin's own machine.
/// </summary>
internal sealed partial class RouteFetcher(
    ProxyPipeline pipeline, IServiceScopeFactory scopes, LearningOptions options, PushProxyMetrics metrics, ILogger<RouteFetcher> logger)
{
    /// <summary>
    /// The maximum time for one fetch: half of what all fetches of a page may take, so that what follows from it can come, too.
    /// </summary>
    private readonly TimeSpan _patience = options.MaxFetchTime / 2;

    /// <summary>
    /// The address that the origin is told in <c>X-Forwarded-For</c>. Without one, an origin may take the request for its own machine's,
    /// and show what nobody else may see. A visitor's address would make the visitor answer for what the proxy fetches. This one belongs to
    /// nobody (RFC 5737 §3), so no origin trusts it by accident, and YARP does not let clients forge it.
    /// </summary>
    public static readonly IPAddress ForwardedFor = IPAddress.Parse("192.0.2.1");

    /// <summary>The User-Agent of the proxy's own requests (RFC 9110 §10.1.5).</summary>
    public static readonly string UserAgent =
        $"PushProxy/{typeof(RouteFetcher).Assembly.GetName().Version?.ToString(2)} (learning)";

    /// <param name="url">The absolute URL. Its authority selects the route.</param>
    /// <param name="accept">The Accept field.</param>
    /// <param name="codings">The Accept-Encoding field (<see cref="FetchCodings"/>).</param>
    /// <param name="maxBytes">The maximum number of bytes read of the body.</param>
    /// <param name="beginning">Whether the beginning of a longer body is enough. If not, a longer body gives null.</param>
    /// <param name="cancellation">Cancels the fetch.</param>
    /// <returns>The resource; null unless the answer is a 200 that came in time.</returns>
    public async Task<FetchedResource?> GetAsync(
        Uri url, string accept, string codings, int maxBytes, bool beginning, CancellationToken cancellation)
    {
        if (pipeline.Invoke is not { } invoke)
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_patience);
        await using var scope = scopes.CreateAsyncScope();
        using var body = new BoundedBody(maxBytes);
        var http = Request(url, accept, codings, body, limit.Token);
        http.RequestServices = scope.ServiceProvider;
        try
        {
            await invoke(http).WaitAsync(limit.Token).ConfigureAwait(false);
            await http.Response.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // A body that is too long or too slow is not an error.
            if (!body.IsExceeded && e is not OperationCanceledException)
            {
                metrics.Error(ErrorStage.Fetch);
                LogFailed(e, url);
            }

            if (!body.IsExceeded)
            {
                metrics.Fetched(e is OperationCanceledException ? FetchOutcome.TooSlow : FetchOutcome.Failed);
                return null;
            }
        }

        var outcome = http.Response.StatusCode != StatusCodes.Status200OK ? FetchOutcome.Refused
            : !beginning && body.IsExceeded ? FetchOutcome.TooLarge
            : limit.IsCancellationRequested ? FetchOutcome.TooSlow
            : http.Features.Get<IForwarderErrorFeature>() is not null && !body.IsExceeded ? FetchOutcome.Failed
            : FetchOutcome.Fetched;
        metrics.Fetched(outcome);
        return outcome == FetchOutcome.Fetched ? new FetchedResource(body.ToArray(), http.Response.Headers) : null;
    }

    [LoggerMessage(1, LogLevel.Warning, "{Url} could not be fetched to be read; what it names stays unknown")]
    private partial void LogFailed(Exception exception, Uri url);

    private static DefaultHttpContext Request(Uri url, string accept, string codings, Stream body, CancellationToken aborted)
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        http.Features.Set(RequestNotes.Learning);
        http.RequestAborted = aborted;
        http.Connection.RemoteIpAddress = ForwardedFor;
        var request = http.Request;
        request.Method = HttpMethods.Get;
        request.Protocol = HttpProtocol.Http11;
        request.Scheme = url.Scheme;
        request.Host = new HostString(url.Authority);
        request.Path = PathString.FromUriComponent(url.AbsolutePath);
        request.QueryString = new QueryString(url.Query);
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = url.PathAndQuery;
        request.Headers.Accept = accept;
        request.Headers.AcceptEncoding = codings;
        request.Headers.UserAgent = UserAgent;
        return http;
    }

    /// <summary>Keeps a body up to a limit, and throws beyond it.</summary>
    private sealed class BoundedBody(int maxBytes) : MemoryStream
    {
        public bool IsExceeded { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Check(buffer.Length);
            base.Write(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            Check(count);
            base.Write(buffer, offset, count);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Check(buffer.Length);
            return base.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Check(count);
            return base.WriteAsync(buffer, offset, count, cancellationToken);
        }

        private void Check(int more)
        {
            if (Length + more > maxBytes)
            {
                // The exception makes the writer stop. What has come so far is the beginning of the body.
                IsExceeded = true;
                throw new IOException($"The body is longer than {maxBytes} bytes.");
            }
        }
    }
}

/// <summary>A fetched resource.</summary>
/// <param name="Body">The body, with its content coding.</param>
/// <param name="Headers">The header fields of the response.</param>
internal sealed record FetchedResource(ReadOnlyMemory<byte> Body, IHeaderDictionary Headers);
