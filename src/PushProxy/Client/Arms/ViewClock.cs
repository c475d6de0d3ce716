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

    /// <summary>
    /// How many views are measured in a second, in the long run, so that measuring costs a busy site next to nothing. A view is chosen
    /// before anything depends on its arm.
    /// </summary>
    public const int PerSecond = 50;

    /// <summary>How many are measured at once after a pause.</summary>
    public const int AtOnce = 500;

    private readonly Queue<(ViewTiming View, ClientConnection Connection)> _views = new();
    private readonly TokenBucket _sample;
    private readonly Acknowledgements _acknowledgements;
    private readonly ITimer _timer;
    private readonly VisitorShares _shares;
    private readonly ProofBook _book;
    private readonly TimeProvider _time;
    private readonly PushProxyMetrics _metrics;
    private readonly ILogger _logger;

    public ViewClock(ProofBook book, VisitorShares shares, TimeProvider time, PushProxyMetrics metrics, ILogger<ViewClock> logger)
    {
        (_book, _shares, _time, _metrics, _logger) = (book, shares, time, metrics, logger);
        (_sample, _acknowledgements) = (new(PerSecond, AtOnce, time), new(time));
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
        if (visit.Knowledge is not { Page: { } page, IsPartial: false } || !HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            return;
        }

        var isReload = ReloadDetection.Of(http.Request.Headers) != Reload.None;
        if (!_sample.TryTake())
        {
            _metrics.View(visitor.Arm, ViewOutcome.LeftOut.Name(), isReload);
            return;
        }

        var group = new ViewGroup(
            visitor.Arm, _shares.Of(visitor), page.IsToldWhole ? PageGroup(visit.Key) : "", http.Request.Protocol, channel.Name(), isFirst);
        var view = new ViewTiming(group, page, visit.Key.Authority, visit.StartedAt, connection.SentBytes?.Written ?? -1)
        {
            IsReload = isReload,
            Completed = ended =>
            {
                connection.EndView(ended);
                Note(ended);
            },
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

        connection.View = view;
        Follow(http, connection, view, ViewTiming.Page, isPromised: false);
    }

    /// <summary>The first byte of a page leaves.</summary>
    /// <param name="connection">The connection of its request.</param>
    /// <param name="visit">Its view.</param>
    public void PageCame(ClientConnection? connection, PageVisit visit)
    {
        if (connection?.View is { FirstByteAt: < 0 } view && view.StartedAt == visit.StartedAt)
        {
            view.PageCame(_time.GetTimestamp());
        }
    }

    /// <summary>Something is answered on a connection. Most have no view that is measured, and the work ends here.</summary>
    /// <param name="http">The request.</param>
    /// <param name="connection">Its connection.</param>
    /// <param name="isPromised">Whether the proxy itself asked, to push it.</param>
    public void Answering(HttpContext http, ClientConnection? connection, bool isPromised)
    {
        if (connection?.View is { } view
            && view.BlockedBy(http.Request.Host.Value ?? "", http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget)
                is not ViewTiming.Nothing and var resource)
        {
            view.Began();
            Follow(http, connection, view, resource, isPromised);
        }
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

            if (view.TryEnd())
            {
                connection.EndView(view);
                Note(view);
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _acknowledgements.Dispose();
    }

    private void Follow(HttpContext http, ClientConnection connection, ViewTiming view, int what, bool isPromised) =>
        http.Response.OnCompleted(
            static state =>
            {
                var (clock, http, connection, view, what, isPromised) =
                    ((ViewClock, HttpContext, ClientConnection, ViewTiming, int, bool))state;
                if (what == ViewTiming.Page && view.FirstByteAt < 0)
                {
                    // It was no page.
                }
                else if (http.RequestAborted.IsCancellationRequested || OriginAnswer.IsBroken(http))
                {
                    // A client that refuses a push has the resource, or will ask for it.
                    view.Broke(isFinal: !isPromised);
                }
                else
                {
                    clock._acknowledgements.Await(view, what, connection);
                }

                return Task.CompletedTask;
            },
            (this, http, connection, view, what, isPromised));

    // Timers call this, too, so nothing may leave it.
    private void Note(ViewTiming view)
    {
        try
        {
            var outcome = view.Result(out var displayedAt, out var bytes);
            _metrics.View(view.Group.Arm, outcome.Name(), view.IsReload);
            if (outcome != ViewOutcome.Measured)
            {
                return;
            }

            var display = _time.GetElapsedTime(view.StartedAt, displayedAt);
            _metrics.Displayed(view.Group.Arm, display);
            _book.Add(view.Group, ProofMeasure.Display, display.TotalMilliseconds);
            _book.Add(view.Group, ProofMeasure.FirstByte, _time.GetElapsedTime(view.StartedAt, view.FirstByteAt).TotalMilliseconds);
            if (bytes >= 0)
            {
                _book.Add(view.Group, ProofMeasure.Kilobytes, bytes / 1000.0);
            }
        }
        catch (Exception e)
        {
            _metrics.Error(ErrorStage.Measuring);
            LogFailed(e);
        }
    }

    // The pages of a folder mostly come of one template.
    private static string PageGroup(PageKey key) => $"{key.Route} {key.Authority}{key.Path[..(key.Path.LastIndexOf('/') + 1)]}";

    [LoggerMessage(1, LogLevel.Error, "Measuring a page view failed; nothing of it is counted")]
    private partial void LogFailed(Exception exception);
}
