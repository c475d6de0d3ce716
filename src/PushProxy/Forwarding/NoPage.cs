using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PushProxy.Client;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Knowledge;
using PushProxy.Learning;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>
/// What follows if the origin answers a page's request with something else than a page: 304, a redirect, a refusal, a file. No error here
/// fails a request.
/// </summary>
internal sealed partial class NoPage(
    PolicyTable policies, PageStore store, PageAnswer answer, WrongDeliveries wrongs, ClientIdentities clients, PushProxyMetrics metrics,
    ILogger<NoPage> logger)
{
    /// <summary>Handles such an answer.</summary>
    /// <param name="http">The request.</param>
    /// <param name="record">The page view that it was taken for.</param>
    /// <param name="policyName">The policy that the route names.</param>
    public void Came(HttpContext http, DeliveryRecord record, string? policyName)
    {
        try
        {
            var visit = record.Visit;
            var status = http.Response.StatusCode;
            if (visit.NotNavigation == PageSkip.None && status == StatusCodes.Status200OK)
            {
                NotLearned(http, HtmlType.Is(http.Response.ContentType) ? PageSkip.Attachment : PageSkip.NotHtml, policyName);
            }

            if (!visit.IsMember && status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
            {
                store.Refused(visit.Key);
            }

            if (status == StatusCodes.Status304NotModified)
            {
                AnswerNotModified(http, record, policies.Find(policyName));
                return;
            }

            if (visit is { NotNavigation: PageSkip.None, Knowledge.Page: { } known }
                && status is StatusCodes.Status200OK or >= StatusCodes.Status300MultipleChoices && !known.HasNothingToTell)
            {
                // What the client was told was for nothing.
                wrongs.Note(visit.Key, record.ToldInAdvance());
                wrongs.Surprise(visit.Knowledge, [], clients.AddressOf(http.Connection.RemoteIpAddress).Host);
            }

            if (visit is { IsMember: false, Knowledge: { Path: { } path, Exact: { } exact } }
                && status is 200 or 301 or 302 or 303 or 307 or 308 or 404 or 410)
            {
                // What everyone received as a page may be no longer a page.
                store.Forget(visit.Key, path, exact.Key, ConnectionKey.Of(http));
            }
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.Delivery);
            LogFailed(e, http.Request.Path);
        }
    }

    private void NotLearned(HttpContext http, PageSkip reason, string? policyName)
    {
        metrics.NotLearned(reason);
        if (policies.Find(policyName).DebugHeader)
        {
            http.Response.Headers.Append(DecisionHeader.Name, DecisionHeader.Format(reason));
        }
    }

    /// <summary>
    /// Answers a 304. It updates the header fields that the browser has stored with the page, Link among them (RFC 9111 §3.2). So it gets
    /// the Link that a 200 of that version would get now. Without it, the browser would go on preloading what an old response named.
    /// </summary>
    private void AnswerNotModified(HttpContext http, DeliveryRecord record, DeliveryPolicy policy)
    {
        if (record.Visit is { IsMember: false, NotNavigation: PageSkip.None, Knowledge.Exact: { } exact }
            && PageDescriber.ValidatorOf(http.Response.Headers) is { } validator && exact.Knows(validator))
        {
            // Without a policy, the browser goes on with the one that it has stored. With another than is known, it gets nothing that this
            // one may forbid.
            if (http.Response.Headers.ContentSecurityPolicy is not { Count: > 0 } security
                || store.Counts.NotePolicy(record.Visit.Key, exact.Page, security, ConnectionKey.Of(http)))
            {
                answer.Name(http, record, policy, exact.Page, PageSource.Learned);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Deciding what the answer for {Path} says failed; it passes unchanged")]
    private partial void LogFailed(Exception exception, PathString path);
}
