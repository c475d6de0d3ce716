using Microsoft.AspNetCore.Http;
using PushProxy.Client;
using PushProxy.Client.Cached;
using PushProxy.Diagnostics;
using PushProxy.Model;

namespace PushProxy.Delivery;

/// <summary>Subtracts: finds which of a page's resources this client already has. It also keeps the client's cookie up to date.</summary>
internal sealed class ClientCaches(ClientCacheOptions options, TimeProvider time, PushProxyMetrics metrics)
{
    /// <summary>Notes in the record what the client has of the plan, unless that is noted already.</summary>
    public void Subtract(HttpRequest request, DeliveryRecord record, DeliveryPlan plan)
    {
        if (!record.HasKnown(plan))
        {
            record.Knows(plan, Known(request, record.Connection, record.Visit.CacheCookie, plan));
        }
    }

    /// <summary>Returns what the client has of a plan, by the resource's position; null if it has nothing, as every new client.</summary>
    /// <param name="request">The navigation.</param>
    /// <param name="connection">The client's connection; null if nothing is known about it.</param>
    /// <param name="cookie">The value of the client's cookie; null if the request has none or the policy ignores it.</param>
    /// <param name="plan">The plan.</param>
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
            if (plan.Resources[i] is { IsWanted: true, State: { } state } planned
                && view.Has(state.CacheKey, state.Version?.Version, !planned.WouldBeStale) is var evidence and not CacheEvidence.None
                && !(evidence == CacheEvidence.StaleCopy && planned.IgnoresConditions))
            {
                (known ??= new CacheEvidence[plan.Resources.Length])[i] = evidence;
            }
        }

        return known;
    }

    // What many clients received over one connection says nothing about any one of them.
    private static ConnectionCache? Memory(HttpRequest request, ClientConnection? connection) =>
        connection is not { Cache.Count: > 0 } || Intermediary.IsBefore(request.Headers) ? null : connection.Cache;

    /// <summary>Counts the resources that were not delivered because the client has them.</summary>
    /// <returns>The number of resources.</returns>
    public int CountSaved(DeliveryRecord record, DeliveryPlan plan)
    {
        var count = 0;
        for (var i = 0; i < plan.Resources.Length && !record.KnowsNothing; i++)
        {
            if (record.EvidenceFor(plan, i) is var evidence && !evidence.IsAskedFor())
            {
                var bytes = Math.Max(0, plan.Resources[i].State?.Size ?? 0);
                plan.Resources[i].State?.Saved(bytes);
                record.Visit.Knowledge.Path?.Totals.Saved(bytes);
                metrics.Saved(evidence, bytes);
                count++;
            }
        }

        return count;
    }

    /// <summary>
    /// Adds to the client's cookie what the client received on this connection and what this page makes it fetch. A browser that displays
    /// the page will have those resources when it comes back. If the load was broken off, the next visit corrects the cookie.
    /// </summary>
    public void Remember(HttpContext http, DeliveryRecord record, DeliveryPlan plan, DeliveryPolicy policy)
    {
        var carrier = CookieCarrierRule.Of(http.Request, http.Response.StatusCode, http.Response.Headers);
        if (carrier is not (CookieCarrier.Allowed or CookieCarrier.AllowedOncePrivate))
        {
            return;
        }

        // That a copy has to be validated matters only to a client that is pushed to.
        var takesPushes = ResourcePusher.CanPush(http, record.Visit, policy);
        var now = time.GetUtcNow();
        var set = CachedSetReader.Read(record.Visit.CacheCookie, now, stackalloc uint[CachedSet.Room], options.MaxCookieEntries);
        Memory(http.Request, record.Connection)?.AddTo(ref set, now, takesPushes);
        for (var i = 0; i < plan.Resources.Length; i++)
        {
            if (plan.Resources[i] is { IsWanted: true, IsUnconditional: true, State.Version: { } version } planned
                && record.EvidenceFor(plan, i).IsAskedFor())
            {
                var until = !planned.WouldBeStale ? version.FreshUntil(now)
                    : takesPushes && !planned.IgnoresConditions ? now + options.StaleLifetime : now;
                set.Add(version.Version, CoarseTime.Of(until, now));
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
