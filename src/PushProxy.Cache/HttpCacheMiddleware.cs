using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using PushProxy.Cache.Diagnostics;
using PushProxy.Cache.Fields;
using PushProxy.Cache.Flights;
using PushProxy.Cache.Serving;
using PushProxy.Cache.Store;

namespace PushProxy.Cache;

/// <summary>
/// A shared HTTP cache (RFC 9111). Tells the way of one request from top to bottom: look, answer from the store; or wait for the same
/// request of somebody else; or ask the origin, and store what may be stored.
/// </summary>
internal sealed class HttpCacheMiddleware(
    RequestDelegate next, IHttpCachePolicy policy, ResponseStore store, FlightTable flights, OriginRequests origin,
    Invalidation invalidation, HttpCacheMetrics metrics, IEnumerable<IHttpCacheObserver> observers, IOptions<HttpCacheOptions> options,
    TimeProvider time)
{
    /// <summary>How often a request waits for others whose answers turn out not to be for it.</summary>
    private const int MaxRounds = 3;

    private readonly IHttpCacheObserver[] _observers = [.. observers];
    private readonly HttpCacheOptions _options = options.Value;

    public Task InvokeAsync(HttpContext http)
    {
        var rules = policy.RulesOf(http);
        if (rules.Scope == HttpCacheScope.Off)
        {
            return next(http);
        }

        var method = http.Request.Method;
        // Methods are case-sensitive (RFC 9110 §9.1), and "get" may be answered as something else.
        if (method is not ("GET" or "HEAD"))
        {
            return WriteAsync(http, rules);
        }

        return IsOrdinary(http) ? ReadAsync(http, rules) : BypassAsync(http, rules);
    }

    /// <summary>
    /// A request that may change what it names. What is stored of it goes as soon as the origin says that it has succeeded.
    /// </summary>
    private Task WriteAsync(HttpContext http, HttpCacheRules rules)
    {
        if (http.Request.Method is not ("OPTIONS" or "TRACE" or "CONNECT"))
        {
            invalidation.Watch(http);
        }

        return BypassAsync(http, rules);
    }

    private Task BypassAsync(HttpContext http, HttpCacheRules rules)
    {
        metrics.Answered(CacheOutcome.Bypass);
        if (rules.ShowsStatus)
        {
            http.Response.OnStarting(static state =>
            {
                var http = (HttpContext)state;
                CacheStatus.Bypassed(http, !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method));
                return Task.CompletedTask;
            }, http);
        }

        return next(http);
    }

    // Bodies of GET mean nothing (RFC 9110 §9.3.1), and who sends one may mean something. A protocol switch is no response.
    private static bool IsOrdinary(HttpContext http)
    {
        var headers = http.Request.Headers;
        return http.Request.ContentLength is null or 0 && headers.TransferEncoding.Count == 0 && headers.Upgrade.Count == 0
            && !Conditions.AreForOrigin(headers) && http.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true };
    }

    private async Task ReadAsync(HttpContext http, HttpCacheRules rules)
    {
        var key = CacheKey.Of(http.Request);
        var directives = RequestDirectives.Of(http.Request.Headers);
        StoredResponse? stored = null;
        for (var round = 0; round < MaxRounds; round++)
        {
            // Look.
            stored = store.Find(key, rules.Partition, http.Request.Headers);
            if (stored is not null && !stored.Head.MayAnswer(http.Request))
            {
                await BypassAsync(http, rules).ConfigureAwait(false);
                return;
            }

            var now = time.GetUtcNow();
            switch (stored is null ? Usability.Validate : UsabilityFor(stored, directives, now))
            {
                case Usability.Fresh:
                    await AnswerAsync(http, rules, stored!, CacheOutcome.Hit).ConfigureAwait(false);
                    return;
                case Usability.StaleWhileRevalidate:
                    origin.Refresh(next, http, rules, key, stored!);
                    await AnswerAsync(http, rules, stored!, CacheOutcome.Stale).ConfigureAwait(false);
                    return;
            }

            if (directives.OnlyIfCached)
            {
                http.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
                return;
            }

            if (HttpMethods.IsHead(http.Request.Method) || (stored is null && http.Request.Headers.Range.Count > 0))
            {
                await BypassAsync(http, rules).ConfigureAwait(false);
                return;
            }

            // Wait for somebody else's, or ask.
            if (directives.NoStore || !(stored is not null || origin.IsShared(key, http.Request)))
            {
                break;
            }

            var flightKey = OriginRequests.FlightKey(key, rules, http.Request);
            var flight = flights.Join(flightKey, store.Purges, out var isLeader);
            if (isLeader)
            {
                if (store.Find(key, rules.Partition, http.Request.Headers) is { } since && since != stored)
                {
                    // Somebody else's request has brought it between our look and now.
                    flight.Release();
                    flights.Remove(flightKey, flight);
                    continue;
                }

                await AskAsync(http, rules, key, stored, flight, flightKey).ConfigureAwait(false);
                return;
            }

            if (store.IsPurged(key, flight.Purges) || !flight.IsOpenTo(directives, now, _options.ReloadPause))
            {
                flight.Leave();
                flights.Remove(flightKey, flight);
                continue;
            }

            try
            {
                var isLate = flight.Head.IsCompleted;
                var answer = await flight.Head.WaitAsync(http.RequestAborted).ConfigureAwait(false);
                if (answer.Head is null)
                {
                    // Not for us. Nobody waits a second time.
                    break;
                }

                if (answer.Head is { } head && answer.Selection!.Matches(http.Request.Headers) && head.MayAnswer(http.Request)
                    && await FollowAsync(http, rules, answer, isLate ? flight : null, directives).ConfigureAwait(false))
                {
                    return;
                }
            }
            finally
            {
                flight.Leave();
            }
        }

        await AskAsync(http, rules, key, directives.NoStore ? null : stored, directives.NoStore ? null : new Flight(), null)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Returns what a stored response may be used for by this request. A client can ask for something younger (RFC 9111 §5.2.1), but not
    /// make the origin work for it again and again.
    /// </summary>
    private Usability UsabilityFor(StoredResponse stored, in RequestDirectives directives, DateTimeOffset now)
    {
        var usability = stored.At(now);
        return usability == Usability.Validate || Wishes.AreAgainst(stored.Head, directives, now, _options.ReloadPause)
            ? Usability.Validate : usability;
    }

    private Task AnswerAsync(HttpContext http, HttpCacheRules rules, StoredResponse stored, CacheOutcome outcome)
    {
        var now = time.GetUtcNow();
        metrics.Answered(outcome);
        metrics.Saved(stored.Body.Length);
        StoredAnswer.Prepare(http, stored, rules.Encodes, now, out var body);
        if (rules.ShowsStatus)
        {
            CacheStatus.Used(http, outcome, stored.Head, now);
        }

        return Observed(http) ? body.WriteAsync(http) : Task.CompletedTask;
    }

    /// <summary>
    /// Answers with the response to somebody else's request as it comes. Returns false if it is not for this one: its beginning is gone, or
    /// it has become too old for who came late.
    /// </summary>
    private async Task<bool> FollowAsync(
        HttpContext http, HttpCacheRules rules, Flight.Answer answer, Flight? late, RequestDirectives directives)
    {
        if (answer.Stored is { } stored)
        {
            await AnswerAsync(http, rules, stored, CacheOutcome.Coalesced).ConfigureAwait(false);
            return true;
        }

        var isNotModified = Conditions.IsNotModified(http.Request.Headers, answer.Head!);
        using var reader = isNotModified ? null : await answer.Body!.FollowAsync(http.RequestAborted).ConfigureAwait(false);
        var now = time.GetUtcNow();
        if ((reader is null && !isNotModified) || late?.IsOpenTo(directives, now, _options.ReloadPause) == false)
        {
            return false;
        }

        metrics.Answered(CacheOutcome.Coalesced);
        StoredAnswer.WriteHead(http, answer.Head!, now, isNotModified ? StatusCodes.Status304NotModified : answer.Head!.Status);
        if (rules.ShowsStatus)
        {
            CacheStatus.Used(http, CacheOutcome.Coalesced, answer.Head!, now);
        }

        if (Observed(http) && reader is not null)
        {
            http.Response.ContentLength = answer.LengthNow;
            await new OriginClient(http).CopyAsync(reader, reader.IsReady).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Asks the origin. What is stored is validated, or answers if the origin fails.</summary>
    private async Task AskAsync(
        HttpContext http, HttpCacheRules rules, string key, StoredResponse? stored, Flight? flight, string? flightKey)
    {
        if (flight is null)
        {
            await BypassAsync(http, rules).ConfigureAwait(false);
            return;
        }

        StoredResponse? answer;
        CacheOutcome outcome;
        try
        {
            (answer, outcome) = await origin.AskAsync(next, http, rules, key, stored, flight).ConfigureAwait(false);
        }
        finally
        {
            flight.Release();
            if (flightKey is not null)
            {
                flights.Remove(flightKey, flight);
            }
        }

        if (answer is not null)
        {
            await AnswerAsync(http, rules, answer, outcome).ConfigureAwait(false);
        }
        else
        {
            metrics.Answered(outcome);
        }
    }

    private bool Observed(HttpContext http)
    {
        foreach (var observer in _observers)
        {
            if (!observer.Answering(http))
            {
                return false;
            }
        }

        return true;
    }
}
