using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using PushProxy.Analysis;
using PushProxy.Client;
using PushProxy.Diagnostics;
using PushProxy.Knowledge;
using PushProxy.Knowledge.Traffic;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// Watches what browsers request after a page, if that can tell something. It watches only HTTP/2, where all requests of a view come on one
/// connection, and only clients that have nothing of the page yet. No error here fails a request.
/// </summary>
internal sealed partial class TrafficObserver(
    PageStore store, ResourceRegistry registry, LearningOptions options, ClientConnections connections, ClientIdentities clients,
    TimeProvider time, PushProxyMetrics metrics, ILogger<TrafficObserver> logger)
{
    /// <summary>The maximum length of a URL that is counted, in characters.</summary>
    private const int MaxUrlLength = 2048;

    private readonly PendingViews _pending = new(options.TrafficWindow);

    /// <summary>Starts watching a view of a requested page, before anything of it is delivered.</summary>
    /// <param name="http">The request.</param>
    /// <param name="visit">The facts of the request.</param>
    /// <param name="hasCacheCookie">
    /// Whether the request has the proxy's cookie, even if the policy ignores it. It shows that the client has been here before.
    /// </param>
    /// <returns>The same facts, with the view if it is watched.</returns>
    public PageVisit Begin(HttpContext http, PageVisit visit, bool hasCacheCookie)
    {
        try
        {
            EndDue();
            if (visit is not { Kind: NavigationKind.Document, NotNavigation: PageSkip.None, IsMember: false, IsHardReload: false }
                || visit.Connection is { Cache.Count: > 0 }
                || visit.Knowledge is not { Path: { } path, Exact.Page.Traffic: { } traffic }
                || hasCacheCookie || !HttpProtocol.IsHttp2(http.Request.Protocol) || _pending.IsFull)
            {
                return visit;
            }

            var now = time.GetUtcNow();
            var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            if ((visit.Connection ?? connections.FindOrAdd(http)) is { } connection && target.Length <= MaxUrlLength
                && connection.Views.HasRoomFor(traffic)
                && traffic.Begin(visit.Key, path, connection.Cache, (http.Request.Scheme, visit.Key.Authority, target), now,
                    clients.AddressOf(http.Connection.RemoteIpAddress).Network) is { } view)
            {
                _pending.Add(view);
                connection.Views.Add(view);
                return visit with { Connection = connection, View = view };
            }
        }
        catch (Exception e)
        {
            Failed(e, http);
        }

        return visit;
    }

    /// <summary>
    /// Counts an answer that is not a page and was not promised. Most connections have no watched view, and the work ends here.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="connection">The client's connection; null if nothing was known about it when the request arrived.</param>
    /// <param name="excluded">What the answer says about delivering the resource to others; null if it says nothing.</param>
    public void Observe(HttpContext http, ClientConnection? connection, ResourceSkip? excluded)
    {
        try
        {
            var request = http.Request;
            if (http.Response.StatusCode is not (StatusCodes.Status200OK or StatusCodes.Status304NotModified)
                || connection is not { Views.IsEmpty: false }
                || request.Headers.Referer is not [{ } referer] || request.Headers.Authorization.Count > 0)
            {
                return;
            }

            var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            if (target.Length <= MaxUrlLength && connection.Views.Find(referer, time.GetUtcNow() - options.TrafficWindow) is { } view
                && string.Equals(request.Host.Value, view.Key.Authority, StringComparison.OrdinalIgnoreCase))
            {
                // A request with cookies confirms what is known but adds nothing, because the resource may be made for that client.
                view.Note(target, AssetKind.Of(http), AssetKind.ModeOf(http), mayJoin: request.Headers.Cookie.Count == 0
                    && excluded == ResourceSkip.None);
            }
        }
        catch (Exception e)
        {
            Failed(e, http);
        }
    }

    private void EndDue()
    {
        if (_pending.IsEmpty)
        {
            return;
        }

        var now = time.GetUtcNow();
        while (_pending.TakeDue(now) is { } view)
        {
            if (view.Traffic.End(view, r => WasGiven(view.Viewer, r, now)) && store.Apply(view.Key, view.Path, view.Traffic) is { } verdict)
            {
                LogChanged(view.Key, verdict.Joined.Length, verdict.Unused.Count);
            }
        }
    }

    // A resource that must not be delivered is no reason to discard a view.
    private bool WasGiven(IViewer viewer, CriticalResource resource, DateTimeOffset now) =>
        registry.Find(resource.Url) is { } state
        && (state.Excluded != ResourceSkip.None
            || (state.Version is { Version: var version }
                && viewer.Has(state.CacheKey, version, now) is CacheEvidence.PushedOnConnection or CacheEvidence.ServedOnConnection));

    private void Failed(Exception e, HttpContext http)
    {
        metrics.Error(ErrorStage.Traffic);
        LogFailed(e, http.Request.Path);
    }

    [LoggerMessage(1, LogLevel.Error, "Counting the request for {Path} failed; it passes unchanged")]
    private partial void LogFailed(Exception exception, PathString path);

    [LoggerMessage(2, LogLevel.Information, "{Page}: the browsers' requests add {Joined} resources and remove {Unused} unused ones")]
    private partial void LogChanged(PageKey page, int joined, int unused);
}
