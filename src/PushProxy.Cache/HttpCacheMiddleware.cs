using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using PushProxy.Cache.Diagnostics;
using PushProxy.Cache.Fields;
using PushProxy.Cache.Serving;
using PushProxy.Cache.Store;

namespace PushProxy.Cache;

/// <summary>
/// A shared HTTP cache (RFC 9111), its first half: looks, and answers from the store. What it can't answer goes on to what encodes
/// responses, and then to <see cref="OriginMiddleware"/>. So an answer from the store costs nothing of these.
/// </summary>
internal sealed class HttpCacheMiddleware(
    RequestDelegate next, RequestDelegate plain, IHttpCachePolicy policy, ResponseStore store, StoreAnswers answers,
    Invalidation invalidation, IOptions<HttpCacheOptions> options, TimeProvider time)
{
    private readonly TimeSpan _reloadPause = options.Value.ReloadPause;

    public Task InvokeAsync(HttpContext http)
    {
        var rules = policy.RulesOf(http);

        // Methods are case-sensitive (RFC 9110 §9.1), and "get" may be answered as something else. What such a request changes may be
        // stored by another route.
        if (http.Request.Method is not ("GET" or "HEAD" or "OPTIONS" or "TRACE" or "CONNECT"))
        {
            invalidation.Watch(http);
        }

        if (rules.Scope == HttpCacheScope.Off)
        {
            return rules.Encodes ? next(http) : plain(http);
        }

        return http.Request.Method is "GET" or "HEAD" && IsOrdinary(http) ? ReadAsync(http, rules) : BypassAsync(http, rules);
    }

    private Task ReadAsync(HttpContext http, HttpCacheRules rules)
    {
        var key = CacheKey.Of(http.Request);
        var directives = RequestDirectives.Of(http.Request.Headers);
        var stored = store.Find(key, rules.Partition, http.Request.Headers);
        if (stored is not null && !stored.Head.MayAnswer(http.Request))
        {
            return BypassAsync(http, rules);
        }

        if (stored is not null && IsReady(stored, rules)
            && Wishes.UsabilityOf(stored, directives, time.GetUtcNow(), _reloadPause) == Usability.Fresh)
        {
            return answers.WriteAsync(http, rules, stored, CacheOutcome.Hit);
        }

        http.Features.Set(new LookedUp(rules, key, directives, stored));
        return next(http);
    }

    // Before its smallest forms are made, a body is encoded as it leaves.
    private static bool IsReady(StoredResponse stored, in HttpCacheRules rules) =>
        !rules.Encodes || !stored.IsEncodable || (stored.Forms is not null && !rules.ChangesBody);

    private Task BypassAsync(HttpContext http, HttpCacheRules rules)
    {
        answers.Bypassed(http, rules);
        return next(http);
    }

    // Bodies of GET mean nothing (RFC 9110 §9.3.1), and who sends one may mean something. A protocol switch is no response.
    private static bool IsOrdinary(HttpContext http)
    {
        var headers = http.Request.Headers;
        return http.Request.ContentLength is null or 0 && headers.TransferEncoding.Count == 0 && headers.Upgrade.Count == 0
            && !Conditions.AreForOrigin(headers) && http.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true };
    }
}
