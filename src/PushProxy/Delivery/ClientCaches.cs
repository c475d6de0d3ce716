using Microsoft.AspNetCore.Http;
using PushProxy.Client;
using PushProxy.Client.Cached;
using PushProxy.Diagnostics;
using PushProxy.Model;

namespace PushProxy.Delivery;

/// <summary>Subtracts: tells which of a page's resources this client has. Has the client's cookie remember what it is given.</summary>
internal sealed class ClientCaches(ClientCacheOptions options, TimeProvider time, PushProxyMetrics metrics)
{
    /// <summary>Notes in a page view what the client has of its plan, if that was not noted already.</summary>
    public void Subtract(HttpRequest request, DeliveryRecord record, DeliveryPlan plan)
    {
        if (!record.HasKnown(plan))
        {
            record.Knows(plan, Known(request, record.Connection, record.Visit.CacheCookie, plan));
        }
    }

    /// <summary>What the client has of a plan, by place; null when that is nothing, as for every new client.</summary>
    /// <param name="request">The navigation.</param>
    /// <param name="connection">Its connection; null where nothing is kept of one.</param>
    /// <param name="cookie">The value of the client's cookie; null when there is none or it does not count.</param>
    /// <param name="plan">What may be delivered.</param>
    public CacheEvidence[]? Known(HttpRequest request, ClientConnection? connection, string? cookie, DeliveryPlan plan)
    {
        var memory = Memory(request, connection);
        if (memory is null && string.IsNullOrEmpty(cookie))
        {
            return null;
        }

        var now = time.GetUtcNow();
        var set = CachedSetReader.Read(cookie, now, stackalloc uint[CachedSet.Room], options.MaxCookieEntries);
        var view = new ClientCacheView(memory, set, ReloadDetection.Of(request.Headers), now);
        CacheEvidence[]? known = null;
        for (var i = 0; i < plan.Resources.Length; i++)
        {
            if (plan.Resources[i] is { IsWanted: true, State: { } state }
                && view.Has(state.CacheKey, state.Version?.Version) is var evidence and not CacheEvidence.None)
            {
                (known ??= new CacheEvidence[plan.Resources.Length])[i] = evidence;
            }
        }

        return known;
    }

    // What many clients were served over one connection says nothing of any of them.
    private static ConnectionCache? Memory(HttpRequest request, ClientConnection? connection) =>
        connection is not { Cache.Count: > 0 } || Intermediary.IsBefore(request.Headers) ? null : connection.Cache;

    /// <summary>Counts what was not delivered because the client has it.</summary>
    /// <returns>How many resources.</returns>
    public int CountSaved(DeliveryRecord record, DeliveryPlan plan)
    {
        var count = 0;
        for (var i = 0; i < plan.Resources.Length && !record.KnowsNothing; i++)
        {
            if (record.EvidenceFor(plan, i) is not CacheEvidence.None and var evidence)
            {
                var bytes = Math.Max(0, plan.Resources[i].State?.Size ?? 0);
                plan.Resources[i].State?.Saved(bytes);
                record.Visit.Knowledge.Path?.Saved(bytes);
                metrics.Saved(evidence, bytes);
                count++;
            }
        }

        return count;
    }

    /// <summary>
    /// Has the client's cookie remember what it was given on this connection, and what this very page has it fetch: a browser that shows
    /// the page will have that when it comes back. Where it does not, because the load was broken off, it is told of less the next time.
    /// </summary>
    public void Remember(HttpContext http, DeliveryRecord record, DeliveryPlan plan)
    {
        var carrier = CookieCarrierRule.Of(http.Request, http.Response.StatusCode, http.Response.Headers);
        if (carrier is not (CookieCarrier.Allowed or CookieCarrier.AllowedOncePrivate))
        {
            return;
        }

        var now = time.GetUtcNow();
        var set = CachedSetReader.Read(record.Visit.CacheCookie, now, stackalloc uint[CachedSet.Room], options.MaxCookieEntries);
        Memory(http.Request, record.Connection)?.AddTo(ref set, now);
        for (var i = 0; i < plan.Resources.Length; i++)
        {
            if (plan.Resources[i] is { IsWanted: true, IsUnconditional: true, State.Version: { } version }
                && record.EvidenceFor(plan, i) == CacheEvidence.None)
            {
                set.Add(version.Version, CoarseTime.Of(version.FreshUntil(now), now));
            }
        }

        if (CacheCookie.Write(set, record.Visit.CacheCookie, now, options.MaxCookieBytes) is { } cookie)
        {
            http.Response.Headers.Append("Set-Cookie", cookie);
            if (carrier == CookieCarrier.AllowedOncePrivate)
            {
                CookieCarrierRule.MakePrivate(http.Response.Headers);
            }
        }
    }
}
