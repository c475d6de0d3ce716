using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Cache.Diagnostics;
using PushProxy.Cache.Store;

namespace PushProxy.Cache.Serving;

/// <summary>Answers requests from the store, counts them, and tells the observers.</summary>
internal sealed class StoreAnswers(
    HttpCacheMetrics metrics, IEnumerable<IHttpCacheObserver> observers, IEnumerable<IHttpCacheOutcomeObserver> outcomes, TimeProvider time)
{
    private readonly IHttpCacheObserver[] _observers = [.. observers];
    private readonly IHttpCacheOutcomeObserver[] _outcomes = [.. outcomes];

    /// <summary>Answers with what is stored.</summary>
    public Task WriteAsync(HttpContext http, in HttpCacheRules rules, StoredResponse stored, CacheOutcome outcome)
    {
        var now = time.GetUtcNow();
        var counts = Count(http, rules, outcome);
        StoredAnswer.Prepare(http, stored, rules, now, out var body);
        if (rules.ShowsStatus)
        {
            CacheStatus.Used(http, outcome, stored.Head, now);
        }

        var server = http.Features.Get<IHttpResponseBodyFeature>();
        if (!Observed(http))
        {
            return Task.CompletedTask;
        }

        counts.Sent(body.Bytes.Length, body.Spared);
        return body.WriteAsync(http, isDirect: http.Features.Get<IHttpResponseBodyFeature>() == server);
    }

    /// <summary>Tells the observers of an answer that is not the origin's to this request. Returns false if it must not be sent.</summary>
    public bool Observed(HttpContext http)
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

    /// <summary>Counts a request by how it is answered, and tells who wants to know. Returns what is counted for its rules.</summary>
    public NamedCounts Count(HttpContext http, in HttpCacheRules rules, CacheOutcome outcome)
    {
        var counts = metrics.For(rules);
        counts.Answered(outcome);
        foreach (var observer in _outcomes)
        {
            observer.Answered(http, HttpCacheMetrics.Words.Of(outcome));
        }

        return counts;
    }

    /// <summary>Counts a request that is not answered from the store, whatever is stored, and makes its answer say so.</summary>
    public void Bypassed(HttpContext http, in HttpCacheRules rules)
    {
        Count(http, rules, CacheOutcome.Bypass);
        if (rules.ShowsStatus)
        {
            http.Response.OnStarting(static state =>
            {
                var http = (HttpContext)state;
                CacheStatus.Bypassed(http, !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method));
                return Task.CompletedTask;
            }, http);
        }
    }
}
