using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using PushProxy.Analysis;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Knowledge;
using PushProxy.Learning;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>Puts an observed body into a response, and passes what it collects on to learning.</summary>
internal sealed partial class PageObserver(
    PageAnalyzer analyzer, PageAnswer answer, PageStore store, LearningQueue queue, CopyBudget budget, ResourceRegistry registry,
    LearningOptions options, TimeProvider time, PushProxyMetrics metrics, ILogger<PageObserver> logger)
{
    public void Observe(HttpContext http, PageDescription page, DeliveryRecord record, DeliveryPolicy policy, bool learn)
    {
        var copy = !learn ? null
            : new PageCopy(
                budget, options.MaxPageBytes, AddressPrefix.NetworkOf(http.Connection.RemoteIpAddress), http.Connection.Id);
        if (copy is null && record.IsAnswered)
        {
            return;
        }

        var inner = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var body = new ObservedBody(inner, this, page, record, policy, http, copy);
        http.Features.Set<IHttpResponseBodyFeature>(body);
        if (copy is not null)
        {
            http.Response.OnCompleted(static state =>
            {
                var (http, body) = ((HttpContext, ObservedBody))state;
                body.Completed(whole: !OriginAnswer.IsBroken(http));
                return Task.CompletedTask;
            }, (http, body));
        }
    }

    /// <summary>Reads a page's first bytes before they leave. Called on the request path.</summary>
    public void ReadHead(HttpContext http, ReadOnlyMemory<byte> bytes, PageDescription page, DeliveryRecord record, DeliveryPolicy policy)
    {
        try
        {
            var html = ContentDecoder.Decode(bytes, page.Coding, options.MaxPageBytes, out _);
            var head = analyzer.Analyze(html, page.Url!, page.Charset, PageScope.Head, page.Fields);
            answer.NameHead(http, record, policy, page.Complete(head));
        }
        catch (Exception e)
        {
            Failed(ErrorStage.HeadScan, e, page);
        }
    }

    /// <summary>Takes over a finished copy and learns from it if it is new.</summary>
    public void Learn(PageDescription page, DeliveryRecord record, PageCopy copy)
    {
        var knowledge = record.Visit.Knowledge;
        copy.Complete();
        if (!copy.TryHold())
        {
            Drop(copy, PageSkip.None);
            return;
        }

        var hash = page.HashWith(copy.Hash());
        copy.LetGo();
        if (page is { Audience: not Audience.Everyone, Client.Proof: ClientProof.None } && knowledge.Exact?.Knows(hash) == true)
        {
            // What everyone gets, for a client whose pages teach nothing.
            knowledge.Guesses?.Note(isSurprise: false, page.Address.Host);
            copy.Dispose();
        }
        else if (page.Audience == Audience.Everyone && knowledge.Exact is { Page.IsUnread: false } exact && exact.Key == page.VariantKey
            && exact.Knows(hash) && !exact.Page.IsOutdated(registry))
        {
            exact.Confirm(new PageVersion(hash, page.Validator), time.GetUtcNow());
            store.Counts.Received(page, exact.Page);
            store.Counts.NamedAgain(page.Key, exact.Page);
            copy.Dispose();
        }
        else
        {
            // The bytes of the page or of its stylesheets always change. Names that disappear must be noticed at once. New names can wait.
            Enqueue(new LearnJob(page, copy, hash, SkipIfNamed: MustWait(page, knowledge.Path) ? knowledge.Page : null)
            {
                IsKnown = page.Audience == Audience.Everyone ? knowledge.Exact is not null : knowledge.Page is not null,
                Told = record.ToldInAdvance(),
                Knowledge = knowledge,
            });
        }
    }

    private bool MustWait(PageDescription page, LearnedPath? path) => path is not null && !(page.Audience == Audience.Everyone
        ? path.MayLearn(time.GetUtcNow()) : path.MayLearnShared(page.Audience, page.VariantKey, page.Client, time.GetUtcNow()));

    private void Enqueue(LearnJob job)
    {
        if (queue.Add(job) is { } crowdedOut)
        {
            Drop(crowdedOut.Copy, PageSkip.Busy);
        }
    }

    /// <summary>Returns a copy's memory.</summary>
    /// <param name="copy">The copy.</param>
    /// <param name="reason">Why the page is not learned. A copy that the budget has given up has been counted already.</param>
    public void Drop(PageCopy copy, PageSkip reason)
    {
        if (reason != PageSkip.None && copy.GivenUp == PageSkip.None)
        {
            metrics.NotLearned(reason);
        }

        copy.Dispose();
    }

    public void Failed(ErrorStage stage, Exception e, PageDescription page)
    {
        metrics.Error(stage);
        LogFailed(e, stage, page.Key);
    }

    [LoggerMessage(1, LogLevel.Error, "{Stage} of {Page} failed; the page passes unchanged")]
    private partial void LogFailed(Exception exception, ErrorStage stage, PageKey page);
}
