using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using PushProxy.Cache.Diagnostics;
using PushProxy.Cache.Fields;
using PushProxy.Cache.Flights;
using PushProxy.Cache.Serving;
using PushProxy.Cache.Store;

namespace PushProxy.Cache;

/// <summary>
/// A shared HTTP cache (RFC 9111), its second half: tells the way of a request that the store could not answer at once. It waits for the
/// same request of somebody else; or asks the origin, and stores what may be stored.
/// </summary>
internal sealed class OriginMiddleware(
    RequestDelegate next, ResponseStore store, FlightTable flights, OriginRequests origin, EncodingWorker encoding, StoreAnswers answers,
    HttpCacheMetrics metrics, IOptions<HttpCacheOptions> options, TimeProvider time)
{
    /// <summary>How often a request waits for others whose answers turn out not to be for it.</summary>
    private const int MaxRounds = 3;

    private readonly TimeSpan _reloadPause = options.Value.ReloadPause;

    public Task InvokeAsync(HttpContext http)
    {
        if (http.Features.Get<LookedUp>() is not { } found)
        {
            return next(http);
        }

        http.Features.Set<LookedUp>(null);
        return ReadAsync(http, found);
    }

    private async Task ReadAsync(HttpContext http, LookedUp found)
    {
        var (rules, key, directives, stored) = found;
        for (var round = 0; round < MaxRounds; round++)
        {
            // Look, if that was not just done.
            stored = round == 0 ? stored : store.Find(key, rules.Partition, http.Request.Headers);
            if (stored is not null && !stored.Head.MayAnswer(http.Request))
            {
                answers.Bypassed(http, rules);
                await next(http).ConfigureAwait(false);
                return;
            }

            var now = time.GetUtcNow();
            switch (stored is null ? Usability.Validate : Wishes.UsabilityOf(stored, directives, now, _reloadPause))
            {
                case Usability.Fresh:
                    if (rules.Encodes)
                    {
                        // It came for a request without encoding, or there was too much to do.
                        encoding.Add(key, stored!);
                    }

                    await answers.WriteAsync(http, rules, stored!, CacheOutcome.Hit).ConfigureAwait(false);
                    return;
                case Usability.StaleWhileRevalidate:
                    origin.Refresh(next, http, rules, key, stored!);
                    await answers.WriteAsync(http, rules, stored!, CacheOutcome.Stale).ConfigureAwait(false);
                    return;
            }

            if (directives.OnlyIfCached)
            {
                http.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
                return;
            }

            if (HttpMethods.IsHead(http.Request.Method) || (stored is null && http.Request.Headers.Range.Count > 0))
            {
                answers.Bypassed(http, rules);
                await next(http).ConfigureAwait(false);
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

            if (store.IsPurged(key, flight.Purges) || !flight.IsOpenTo(directives, now, _reloadPause))
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
    /// Answers with the response to somebody else's request as it comes. Returns false if it is not for this one: its beginning is gone, or
    /// it has become too old for who came late.
    /// </summary>
    private async Task<bool> FollowAsync(
        HttpContext http, HttpCacheRules rules, Flight.Answer answer, Flight? late, RequestDirectives directives)
    {
        if (answer.Stored is { } stored)
        {
            await answers.WriteAsync(http, rules, stored, CacheOutcome.Coalesced).ConfigureAwait(false);
            return true;
        }

        var isNotModified = Conditions.IsNotModified(http.Request.Headers, answer.Head!);
        using var reader = isNotModified ? null : await answer.Body!.FollowAsync(http.RequestAborted).ConfigureAwait(false);
        var now = time.GetUtcNow();
        if ((reader is null && !isNotModified) || late?.IsOpenTo(directives, now, _reloadPause) == false)
        {
            return false;
        }

        answers.Count(http, rules, CacheOutcome.Coalesced);
        StoredAnswer.WriteHead(http, answer.Head!, now, isNotModified ? StatusCodes.Status304NotModified : answer.Head!.Status);
        if (rules.ShowsStatus)
        {
            CacheStatus.Used(http, CacheOutcome.Coalesced, answer.Head!, now);
        }

        if (answers.Observed(http) && reader is not null)
        {
            http.Response.ContentLength = answer.LengthNow;
            await new OriginClient(http).CopyAsync(reader, reader.IsReady).ConfigureAwait(false);
            metrics.For(rules).Saved(answer.Body!.Length);
        }

        return true;
    }

    /// <summary>Asks the origin. What is stored is validated, or answers if the origin fails.</summary>
    private async Task AskAsync(
        HttpContext http, HttpCacheRules rules, string key, StoredResponse? stored, Flight? flight, string? flightKey)
    {
        if (flight is null)
        {
            answers.Bypassed(http, rules);
            await next(http).ConfigureAwait(false);
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
            await answers.WriteAsync(http, rules, answer, outcome).ConfigureAwait(false);
        }
        else
        {
            answers.Count(http, rules, outcome);
        }
    }
}
