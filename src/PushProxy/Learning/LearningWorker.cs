using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PushProxy.Analysis;
using PushProxy.Diagnostics;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// Learns: analyses copies of pages outside the request path, one at a time. An error loses what one page would have taught.
/// </summary>
internal sealed partial class LearningWorker(
    LearningQueue queue, PageAnalyzer analyzer, SiteResources stylesheets, PageStore store, ResourceRegistry registry,
    CostlyPages costly, LearningOptions options, TimeProvider time,
    PushProxyMetrics metrics, ILogger<LearningWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Leave the thread that starts the host, because parsing never yields by itself.
        await Task.Yield();

        // Warm up, so that the first visitor does not wait while the parser is compiled.
        analyzer.WarmUp();
        await foreach (var job in queue.Jobs.ReadAllAsync(stoppingToken))
        {
            using (job.Copy)
            {
                try
                {
                    await LearnAsync(job, stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    metrics.Error(ErrorStage.Analysis);
                    metrics.NotLearned(PageSkip.Failed);
                    LogFailed(e, job.Page.Key);
                }
            }
        }
    }

    private async Task LearnAsync(LearnJob job, CancellationToken cancellation)
    {
        var page = job.Page;
        if (page.Audience == Audience.Everyone && store.Knows(page.Key, page.VariantKey, job.ContentHash))
        {
            // Several clients requested the page at once, and the first copy has been analysed meanwhile.
            return;
        }

        var html = ContentDecoder.Decode(job.Copy.Bytes, page.Coding, options.MaxPageBytes, out var broken);
        if (broken && !job.Copy.Truncated)
        {
            metrics.NotLearned(PageSkip.BrokenBody);
            LogBroken(page.Key, page.Coding);
            return;
        }

        if (job.SkipIfNamed is { } known && NamedResources.AllIn(html.Span, known.Analysis))
        {
            metrics.NotLearned(PageSkip.AnalysedRecently);
            return;
        }

        // A page that ran out of its budget is not analysed again because of another query string.
        var changes = registry.Changes;
        var analysis = costly.Find(page, job.ContentHash);
        if (analysis is null)
        {
            if (costly.MustWait(page) && !store.IsWholeVariant(page.Key, page.VariantKey))
            {
                metrics.NotLearned(PageSkip.TooCostly);
                return;
            }

            var startedAt = time.GetTimestamp();
            analysis =
                await analyzer.AnalyzeAsync(html, page.Url!, page.Charset, stylesheets.For(page.Audience), client: null, cancellation);
            costly.Note(page, job.ContentHash, analysis, changes, time.GetElapsedTime(startedAt));
            if (analysis.RanOutOn is { } cost)
            {
                metrics.RanOut(cost.Name());
                LogRanOut(page.Url!, cost);
            }
        }

        var security = ContentSecurityPolicy.Of(page.SecurityPolicy, analysis.MetaPolicies);
        var outcome = page.Audience == Audience.Everyone
            ? store.Learn(page, job.ContentHash, analysis, security, changes)
            : store.LearnShared(page, analysis, security);
        stylesheets.NoteVersions(analysis);
        store.Observe(page.Key, page.ThinkTime, page.Length);
        metrics.Learned(outcome);
        LogLearned(outcome, page.Url!, analysis.Resources.Count);
    }

    [LoggerMessage(1, LogLevel.Information, "{Outcome} {Page}: {Count} critical resources")]
    private partial void LogLearned(LearnOutcome outcome, Uri page, int count);

    [LoggerMessage(2, LogLevel.Warning, "{Page} was not learned: its {Coding} body is broken")]
    private partial void LogBroken(PageKey page, ContentCoding coding);

    [LoggerMessage(4, LogLevel.Warning,
        "The analysis of {Page} ran out of its budget on {Cost}; it is used as far as it was understood, until it changes")]
    private partial void LogRanOut(Uri page, AnalysisCost cost);

    [LoggerMessage(3, LogLevel.Error, "Analysing {Page} failed; the client got the page unchanged")]
    private partial void LogFailed(Exception exception, PageKey page);
}
