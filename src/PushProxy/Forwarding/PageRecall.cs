using Microsoft.AspNetCore.Http;
using PushProxy.Client;
using PushProxy.Delivery;
using PushProxy.Knowledge;
using PushProxy.Learning;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>Recall: finds out which page a request is for and what is known about it.</summary>
internal sealed class PageRecall(PageStore store, TrafficObserver traffic, TimeProvider time)
{
    /// <summary>Recalls the page of a request that is about to be forwarded. Returns null if it is most likely not for a page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="request">The notes of the request.</param>
    /// <param name="route">The route that serves it.</param>
    /// <param name="policy">The policy of the route.</param>
    /// <param name="kind">What the request says it is for.</param>
    /// <param name="notNavigation">Why it gets nothing early; <see cref="PageSkip.None"/> if it may.</param>
    public DeliveryRecord? Find(
        HttpContext http, ProxiedRequest request, string route, DeliveryPolicy policy, NavigationKind kind, PageSkip notNavigation)
    {
        if (!PageKey.TryCreate(route, http, out var key, out var query))
        {
            return null;
        }

        var isMember = PageAudience.IsMember(http.Request);
        var knowledge =
            store.Find(key, query, http.Request.Headers, isMember, isPage: kind is NavigationKind.Document or NavigationKind.Frame);
        if (kind is NavigationKind.Unspoken or NavigationKind.Anything && knowledge is { Path: null, Page: null })
        {
            // Such a request is mostly for an image. It costs no more unless the response is a page.
            request.MayBePage(kind, time.GetTimestamp());
            return null;
        }

        var visit = new PageVisit(kind, notNavigation, key, query, isMember, knowledge, time.GetTimestamp())
        {
            Connection = request.Connection,
            CacheCookie = request.CookieFor(policy),
            IsHardReload = ReloadDetection.Of(http.Request.Headers) == Reload.Hard,
            Images = ImageTypes.AcceptedBy(http.Request.Headers.Accept),
        };
        return new DeliveryRecord(traffic.Begin(http, visit, hasCacheCookie: request.CacheCookie is not null));
    }

    /// <summary>
    /// Recalls the page of a request that only its response shows to be for one. Returns null if its URL cannot be a key.
    /// </summary>
    /// <param name="http">The request; its response has come from the origin.</param>
    /// <param name="request">The notes of the request.</param>
    /// <param name="route">The route that serves it.</param>
    /// <param name="policy">The policy of the route.</param>
    public DeliveryRecord? FindLate(HttpContext http, ProxiedRequest request, string route, DeliveryPolicy policy)
    {
        if (!PageKey.TryCreate(route, http, out var key, out var query))
        {
            return null;
        }

        var isMember = PageAudience.IsMember(http.Request);
        var isNavigation = request.PossibleKind != NavigationKind.None;
        var visit = new PageVisit(
            request.PossibleKind,
            isNavigation ? PageSkip.None : PageSkip.NotNavigation,
            key,
            query,
            isMember,
            isNavigation ? default : store.Find(key, query, http.Request.Headers, isMember),
            isNavigation ? request.StartedAt : time.GetTimestamp())
        {
            Connection = request.Connection,
            CacheCookie = request.CookieFor(policy),
            IsHardReload = ReloadDetection.Of(http.Request.Headers) == Reload.Hard,
            Images = ImageTypes.AcceptedBy(http.Request.Headers.Accept),
        };
        return new DeliveryRecord(visit) { NotEarly = isNavigation ? PageSkip.Unknown.Name() : null };
    }
}
