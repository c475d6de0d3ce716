using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using PushProxy.Diagnostics;
using PushProxy.Model;
using PushProxy.Proof;

namespace PushProxy.Client.Arms;

/// <summary>
/// Measures page views of both arms, from the request until nothing holds up the display, and adds them to the comparison. It measures
/// HTTP/2, where all requests of a view come on one connection.
/// </summary>
internal sealed partial class ViewClock : IDisposable
{
    /// <summary>How long after its request a view is taken for complete. Slower ones are not measured.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    /// <summary>How many views are measured at once.</summary>
    public const int MaxViews = 2048;

    private readonly Queue<(ViewTiming View, ClientConnection Connection)> _views = new();
    private readonly VisitorShares _shares;
    private readonly ViewRate _rate;
    private readonly Acknowledgements _acknowledgements;
    private readonly ITimer _timer;
    private readonly ProofBook _book;
    private readonly TimeProvider _time;
    private readonly PushProxyMetrics _metrics;

    private readonly ILogger _logger;

    public ViewClock(ProofBook book, VisitorShares shares, TimeProvider time, PushProxyMetrics metrics, ILogger<ViewClock> logger)
    {
        (_book, _shares, _time, _metrics, _logger) = (book, shares, time, metrics, logger);
        (_rate, _acknowledgements) = (new(time), new(time));
        _timer = time.CreateTimer(_ => EndDue(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Begins to measure a view, if it can tell something.</summary>
    /// <param name="http">The request.</param>
    /// <param name="visit">What is known of it.</param>
    /// <param name="connection">Its connection.</param>
    /// <param name="visitor">Who views.</param>
    /// <param name="channel">What this client takes: <c>push</c>, <c>early-hints</c> or <c>link</c>.</param>
    public void Begin(HttpContext http, PageVisit visit, ClientConnection connection, in Visitor visitor, DeliveryChannel channel)
    {
        var isFirst = connection.ViewCame();
        if (visit is not { Kind: NavigationKind.Document, NotNavigation: PageSkip.None }
            || visit.Knowledge is not { Page: { } page, IsPartial: false } || !HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            return;
        }

        var isReload = ReloadDetection.Of(http.Request.Headers) != Reload.None;
        if (!_rate.TryTake())
        {
            _metrics.View(visitor.Arm, ViewOutcome.LeftOut.Name(), isReload);
            return;
        }

        var group = new ViewGroup(
            visitor.Arm, _shares.Of(visitor), page.IsToldWhole ? PageGroup(visit.Key) : "", http.Request.Protocol, channel.Name(), isFirst);
        var view = new ViewTiming(group, page, visit.Key.Authority, visit.StartedAt, connection.SentBytes?.Written ?? -1)
        {
            IsReload = isReload,
        };
        lock (_views)
        {
            if (_views.Count >= MaxViews)
            {
                _metrics.View(visitor.Arm, ViewOutcome.LeftOut.Name(), isReload);
                return;
            }

            _views.Enqueue((view, connection));
        }

        view.Completed = v =>
        {
            connection.EndView(v);
            End(v);
        };
        connection.View = view;
    }

    /// <summary>The first byte of a page leaves.</summary>
    /// <param name="connection">The connection of its request.</param>
    /// <param name="visit">Its view.</param>
    public void PageCame(ClientConnection? connection, PageVisit visit)
    {
        if (connection?.View is { FirstByteAt: < 0 } view && view.StartedAt == visit.StartedAt)
        {
            var now = _time.GetTimestamp();
            view.PageCame(now, now + (long)(connection.Link.RoundTrip.TotalSeconds / 2 * _time.TimestampFrequency));
        }
    }

    /// <summary>Something is answered on a connection. Most have no view that is measured, and the work ends here.</summary>
    /// <param name="http">The request.</param>
    /// <param name="connection">Its connection.</param>
    /// <param name="isPromised">Whether the proxy itself asked, to push it.</param>
    public void Answering(HttpContext http, ClientConnection? connection, bool isPromised)
    {
        if (connection?.View is not { } view
            || view.BlockedBy(http.Request.Host.Value ?? "", http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget)
                is var resource && resource < 0)
        {
            return;
        }

        view.Began();
        http.Response.OnCompleted(static state =>
        {
            var (clock, http, connection, view, resource, isPromised) =
                ((ViewClock, HttpContext, ClientConnection, ViewTiming, int, bool))state;
            if (http.RequestAborted.IsCancellationRequested || OriginAnswer.IsBroken(http))
            {
                // A client that refuses a push has the resource, or will ask for it.
                view.Broke(isFinal: !isPromised);
            }
            else
            {
                clock._acknowledgements.Await(view, resource, connection);
            }

            return Task.CompletedTask;
        }, (this, http, connection, view, resource, isPromised));
    }

    /// <summary>Ends the views whose time has passed.</summary>
    public void EndDue()
    {
        while (true)
        {
            ViewTiming view;
            ClientConnection connection;
            lock (_views)
            {
                if (!_views.TryPeek(out var next) || _time.GetElapsedTime(next.View.StartedAt) < Window)
                {
                    return;
                }

                (view, connection) = _views.Dequeue();
            }

            if (!view.HasEnded)
            {
                connection.EndView(view);
                End(view);
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _acknowledgements.Dispose();
    }

    // Timers call this, too.
    private void End(ViewTiming view)
    {
        try
        {
            Note(view);
        }
        catch (Exception e)
        {
            _metrics.Error(ErrorStage.Measuring);
            LogFailed(e);
        }
    }

    private void Note(ViewTiming view)
    {
        var outcome = view.End(out var displayedAt, out var bytes);
        _metrics.View(view.Group.Arm, outcome.Name(), view.IsReload);
        if (outcome == ViewOutcome.Measured)
        {
            var display = _time.GetElapsedTime(view.StartedAt, displayedAt);
            _metrics.Displayed(view.Group.Arm, display);
            _book.Add(view.Group, ProofMeasure.Display, display.TotalMilliseconds);
            if (bytes >= 0)
            {
                _book.Add(view.Group, ProofMeasure.Kilobytes, bytes / 1000.0);
            }

            _book.Add(view.Group, ProofMeasure.FirstByte, _time.GetElapsedTime(view.StartedAt, view.FirstByteAt).TotalMilliseconds);
        }
    }

    // The pages of a folder mostly come of one template.
    private static string PageGroup(PageKey key) => $"{key.Route} {key.Authority}{key.Path[..(key.Path.LastIndexOf('/') + 1)]}";

    [LoggerMessage(1, LogLevel.Error, "Measuring a page view failed; nothing of it is counted")]
    private partial void LogFailed(Exception exception);
}
