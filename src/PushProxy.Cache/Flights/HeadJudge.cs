using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using PushProxy.Cache.Diagnostics;
using PushProxy.Cache.Fields;
using PushProxy.Cache.Rules;
using PushProxy.Cache.Serving;
using PushProxy.Cache.Store;

namespace PushProxy.Cache.Flights;

/// <summary>Decides by the head of a response what becomes of it.</summary>
internal sealed class HeadJudge(BytesUnderWay memory, IOptions<HttpCacheOptions> options, TimeProvider time)
{
    private readonly HttpCacheOptions _options = options.Value;

    /// <summary>Makes the body of a shared response, when its head leaves. Returns why that can't be.</summary>
    /// <param name="verdict">What the head means.</param>
    /// <param name="length">The length of the body that the response states now. It may have said nothing of it when it was judged.</param>
    public NotStoredReason Open(Verdict verdict, long? length)
    {
        if (length > _options.MaxBodyBytes)
        {
            return NotStoredReason.TooLong;
        }

        var body = new SharedBody(_options.MaxBodyBytes, length, memory);
        if (!body.TryOpen())
        {
            return NotStoredReason.Busy;
        }

        (verdict.Length, verdict.Body) = (length, body);
        return NotStoredReason.None;
    }

    /// <summary>Decides by the head of a response as it is now.</summary>
    /// <param name="http">The request and the response.</param>
    /// <param name="rules">What applies to the request.</param>
    /// <param name="stored">What is stored; null if nothing is.</param>
    /// <param name="condition">What the origin was asked about; null if it was asked without condition.</param>
    /// <param name="sent">The conditions of the client.</param>
    /// <param name="requested">When the origin was asked.</param>
    public Verdict Judge(
        HttpContext http, HttpCacheRules rules, StoredResponse? stored, StoredResponse? condition, SentConditions sent,
        DateTimeOffset requested)
    {
        var now = time.GetUtcNow();
        var status = http.Response.StatusCode;
        var headers = http.Response.Headers;
        if (status == StatusCodes.Status304NotModified && condition is { Head.HasValidator: true })
        {
            return !Conditions.IsAbout(headers, condition.Head) ? new Verdict { Kind = VerdictKind.Mismatch } : new Verdict
            {
                Kind = VerdictKind.Renewed,
                Head = condition.Head.RenewedBy(http, _options.MaxHeuristicLifetime, requested, now),
            };
        }

        if (status is 500 or (>= 502 and <= 504) && stored?.MayReplaceErrorAt(now, _options.MaxStaleOnError) == true)
        {
            return new Verdict { Kind = VerdictKind.UseStale, Stale = stored };
        }

        var directives = ResponseDirectives.Of(headers);
        var isDocument = Documents.IsDocument(http.Request, http.Response);
        var lifetime = Lifetime.Of(directives, headers, now, isDocument ? TimeSpan.Zero : _options.MaxHeuristicLifetime);
        var reason = StoringRules.Check(http, rules.Scope, directives, lifetime, _options.MaxBodyBytes);
        var selection = reason != NotStoredReason.None ? null : Selection.Of(Selection.NamesOf(headers.Vary)!, http.Request.Headers);
        if (reason == NotStoredReason.None && selection is null)
        {
            reason = NotStoredReason.Varies;
        }

        Action<HttpContext, NotStoredReason>? announce = rules.ShowsStatus
            ? (h, why) => CacheStatus.Forwarded(h, stored is not null, status, why) : null;
        if (reason != NotStoredReason.None)
        {
            return new Verdict { Kind = VerdictKind.Pass, Reason = reason, Announce = announce };
        }

        var head = StoredHead.Of(http, directives, lifetime, requested, now);
        return new Verdict
        {
            Kind = VerdictKind.Share,
            Head = head,
            Selection = selection,
            LeaderHasIt = sent.HasIt(head),
            Announce = announce,
        };
    }
}
