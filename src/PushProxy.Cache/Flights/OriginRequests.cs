using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PushProxy.Cache.Diagnostics;
using PushProxy.Cache.Rules;
using PushProxy.Cache.Serving;
using PushProxy.Cache.Store;

namespace PushProxy.Cache.Flights;

/// <summary>Asks the origin: for a client, or in the background, to renew what is stored.</summary>
internal sealed partial class OriginRequests(
    ResponseStore store, FlightTable flights, HeadJudge judge, EncodingWorker encoding, HttpCacheMetrics metrics,
    IServiceScopeFactory scopes, IOptions<HttpCacheOptions> options, TimeProvider time, ILogger<OriginRequests> logger)
{
    private readonly HttpCacheOptions _options = options.Value;
    private int _background;

    /// <summary>Returns the key of a request that is under way: the URL's, and what is known to choose responses most often.</summary>
    public static string FlightKey(string key, HttpCacheRules rules, HttpRequest request) =>
        $"{rules.Partition.Length}:{rules.Partition}{Selection.CodingsOf(request.Headers)}\n{Sharing.KeyOf(key, request)}";

    /// <summary>Returns whether requests for a URL wait for each other.</summary>
    public bool IsShared(string key, HttpRequest request) =>
        Sharing.IsLikely(request) && !store.IsForOne(Sharing.KeyOf(key, request));

    /// <summary>Carries out a request.</summary>
    /// <param name="next">What asks the origin.</param>
    /// <param name="http">The request.</param>
    /// <param name="rules">What applies to it.</param>
    /// <param name="key">The key of its URL.</param>
    /// <param name="stored">What is stored, and to be validated.</param>
    /// <param name="flight">Those who wait for the answer.</param>
    /// <returns>The stored response that has to answer; null if the client has an answer.</returns>
    public async Task<(StoredResponse? Answer, CacheOutcome Outcome)> AskAsync(
        RequestDelegate next, HttpContext http, HttpCacheRules rules, string key, StoredResponse? stored, Flight flight)
    {
        var sent = new SentConditions(http.Request.Headers);
        var before = new HashSet<string>(http.Response.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        var condition = stored;
        while (true)
        {
            var (requested, purges) = (time.GetUtcNow(), store.Purges);
            if (condition is not null || IsShared(key, http.Request))
            {
                // What will be stored is asked for whole. Where most answers are for one client, his own condition saves him the body.
                Conditions.Replace(http.Request.Headers, condition?.Head);
            }

            using var response = new OriginResponse(
                http, flight, h => judge.Judge(h, rules, stored, condition, sent, requested), judge.Open, time, _options.UnreadTimeout);
            try
            {
                await next(http).ConfigureAwait(false);
                await response.FinishAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (stored?.MayReplaceErrorAt(time.GetUtcNow(), _options.MaxStaleOnError) == true
                && response.Means is null or { Kind: VerdictKind.UseStale } && !response.IsClientGone)
            {
                if (response.Means is null)
                {
                    LogFailed(e, http.Request.Path);
                }

                response.Failed(e);
                Clear(http, before);
                flight.Share(stored);
                return (stored, CacheOutcome.StaleOnError);
            }
            catch (Exception e)
            {
                response.Failed(e);
                if (response.Decided?.Body?.IsAbandoned == true)
                {
                    metrics.For(rules).NotStored(NotStoredReason.Unread);
                }

                response.PassCallbacksOn();
                await response.LeaderAsync().ConfigureAwait(false);
                throw;
            }
            finally
            {
                response.Detach();
                sent.Restore(http.Request.Headers);
            }

            var verdict = response.Decided!;
            switch (verdict.Kind)
            {
                case VerdictKind.Mismatch:
                    Clear(http, before);
                    store.Remove(key, condition!);
                    condition = null;
                    continue;
                case VerdictKind.UseStale:
                    Clear(http, before);
                    flight.Share(stored!);
                    return (stored, CacheOutcome.StaleOnError);
                case VerdictKind.Renewed:
                    Clear(http, before);
                    return (Renew(key, rules, stored!, verdict.Head!, purges, flight), CacheOutcome.Revalidated);
                case VerdictKind.Share:
                    Keep(key, http.Request, rules, stored, verdict, response, purges);
                    flight.IsOver = true;
                    await response.LeaderAsync().ConfigureAwait(false);
                    return (null, CacheOutcome.Stored);
                default:
                    if (verdict.Reason != NotStoredReason.None)
                    {
                        metrics.For(rules).NotStored(verdict.Reason);
                    }

                    Replace(key, stored, http.Response.StatusCode, verdict.Reason);
                    if (verdict.Reason != NotStoredReason.Busy && Sharing.IsLikely(http.Request))
                    {
                        store.NoteForOne(Sharing.KeyOf(key, http.Request));
                    }

                    return (null, CacheOutcome.Miss);
            }
        }
    }

    /// <summary>Validates or fetches what is stored in the background (RFC 5861 §3), unless that is under way or too much is.</summary>
    public void Refresh(RequestDelegate next, HttpContext client, HttpCacheRules rules, string key, StoredResponse stored)
    {
        var flightKey = FlightKey(key, rules, client.Request);
        if (Interlocked.Increment(ref _background) > _options.MaxBackgroundRequests)
        {
            Interlocked.Decrement(ref _background);
            return;
        }

        var flight = flights.Join(flightKey, store.Purges, out var isLeader);
        if (!isLeader)
        {
            flight.Leave();
            Interlocked.Decrement(ref _background);
            return;
        }

        if (!store.Has(key, stored))
        {
            // Somebody else's request has renewed it between our look and now.
            flight.Release();
            flights.Remove(flightKey, flight);
            Interlocked.Decrement(ref _background);
            return;
        }

        var http = BackgroundRequest.Of(client, out var response);
        _ = Task.Run(() => RefreshAsync(next, http, response, rules, key, stored, flight, flightKey));
    }

    private async Task RefreshAsync(
        RequestDelegate next, DefaultHttpContext http, BackgroundResponse response, HttpCacheRules rules, string key,
        StoredResponse stored, Flight flight, string flightKey)
    {
        try
        {
            using var limit = new CancellationTokenSource(_options.BackgroundTimeout, time);
            await using var scope = scopes.CreateAsyncScope();
            http.RequestServices = scope.ServiceProvider;
            http.RequestAborted = limit.Token;
            try
            {
                await AskAsync(next, http, rules, key, stored, flight).ConfigureAwait(false);
            }
            finally
            {
                await response.CompleteAsync(Failed).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            Failed(e);
        }
        finally
        {
            flight.Release();
            flights.Remove(flightKey, flight);
            Interlocked.Decrement(ref _background);
        }

        void Failed(Exception e)
        {
            metrics.Error();
            LogFailed(e, http.Request.Path);
        }
    }

    private void Keep(
        string key, HttpRequest request, HttpCacheRules rules, StoredResponse? stored, Verdict verdict, OriginResponse answer, long purges)
    {
        StoredResponse? response = null;
        var reason = verdict.Body!.IsTooLong ? (verdict.Body.IsCrowdedOut ? NotStoredReason.Busy : NotStoredReason.TooLong)
            : verdict.Body.IsAbandoned ? NotStoredReason.Unread
            : answer.IsBroken || verdict.Body.ToArray() is not { } body ? NotStoredReason.Incomplete
            : !store.Add(key, response = new StoredResponse(verdict.Head!, body, verdict.Selection!, rules.Partition), purges)
                ? NotStoredReason.Purged
            : NotStoredReason.None;
        if (reason != NotStoredReason.None)
        {
            metrics.For(rules).NotStored(reason);
            if (reason is NotStoredReason.TooLong or NotStoredReason.Busy)
            {
                Replace(key, stored, verdict.Head!.Status, reason);
            }

            if (reason == NotStoredReason.TooLong)
            {
                // Whoever waits for it next waits in vain.
                store.NoteForOne(Sharing.KeyOf(key, request));
            }

            return;
        }

        verdict.Body!.Stored(response!.Body);
        if (rules.Encodes)
        {
            encoding.Add(key, response);
        }
    }

    private StoredResponse Renew(
        string key, HttpCacheRules rules, StoredResponse stored, StoredHead head, long purges, Flight flight)
    {
        if (head.Directives is { NoStore: true } or { Private: true } or { IsBroken: true } || !stored.Selection.IsBy(head.Vary))
        {
            store.Remove(key, stored);
            flight.Release();
            return stored.With(head);
        }

        var renewed = store.Renew(key, stored, head, purges);
        if (rules.Encodes)
        {
            encoding.Add(key, renewed);
        }

        flight.Share(renewed);
        return renewed;
    }

    // The origin has something else now. An error says nothing about that.
    private void Replace(string key, StoredResponse? stored, int status, NotStoredReason reason)
    {
        if (stored is not null && status < 500 && reason != NotStoredReason.OddRequest && reason != NotStoredReason.Credentials)
        {
            store.Remove(key, stored);
        }
    }

    /// <summary>Removes what the origin's response has set, so that what is stored can answer.</summary>
    private static void Clear(HttpContext http, HashSet<string> keep)
    {
        http.Response.StatusCode = StatusCodes.Status200OK;
        if (http.Features.Get<IHttpResponseFeature>() is { } feature)
        {
            feature.ReasonPhrase = null;
        }

        foreach (var name in http.Response.Headers.Keys.Where(n => !keep.Contains(n)).ToList())
        {
            http.Response.Headers.Remove(name);
        }

        http.Features.Get<IHttpResponseTrailersFeature>()?.Trailers?.Clear();
    }

    [LoggerMessage(1, LogLevel.Warning, "Asking the origin for {Path} failed; what is stored answers")]
    private partial void LogFailed(Exception exception, PathString path);
}
