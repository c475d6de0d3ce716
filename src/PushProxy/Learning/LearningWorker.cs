using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PushProxy.Analysis;
using PushProxy.Diagnostics;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// Learns: analyses copies of pages outside the request path. A few pages are in progress at the same time, because they wait for their
/// stylesheets, but only one computes. An error loses what one page would have taught.
/// </summary>
internal sealed partial class LearningWorker(
    LearningQueue queue, ComputingTurns turns, PageAnalyzer analyzer, SiteResources stylesheets, PageStore store, ResourceRegistry registry,
    CostlyPages costly, DestinationNames names, WrongDeliveries wrongs, LearningOptions options, TimeProvider time,
    PushProxyMetrics metrics, ILogger<LearningWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Leave the thread that starts the host, because parsing never yields by itself.
        await Task.Yield();

        // Warm up, so that the first visitor does not wait while the parser is compiled.
        Preload.Run();
        analyzer.WarmUp();
        while (true)
        {
            var job = await queue.TakeAsync(stoppingToken);
            _ = LearnInTurnsAsync(job, stoppingToken);
        }
    }

    private async Task LearnInTurnsAsync(LearnJob job, CancellationToken cancellation)
    {
        try
        {
            await Task.Factory.StartNew(
                () => LearnAsync(job, cancellation), cancellation, TaskCreationOptions.DenyChildAttach, turns.For(job.Party)).Unwrap();
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.Analysis);
            metrics.NotLearned(PageSkip.Failed);
            LogFailed(e, job.Page.Key);
        }
        finally
        {
            queue.Done(job);
        }
    }

    // It runs in turns with other pages: whatever awaits here goes on in the page's next turn.
    private async Task LearnAsync(LearnJob job, CancellationToken cancellation)
    {
        var page = job.Page;
        if (page.Audience == Audience.Everyone && store.Recognises(page, job.ContentHash))
        {
            // Several clients requested the page at once, and the first copy has been analysed meanwhile.
            return;
        }

        if (page.Audience == Audience.Members && page.Client.Proof == ClientProof.IfAnswerDiffers
            && !store.DiffersFromEveryones(page, job.ContentHash))
        {
            // Anybody can invent an Authorization field, and a page that ignores it says nothing of members.
            metrics.NotLearned(PageSkip.Personalised);
            return;
        }

        var html = ContentDecoder.Decode(job.Copy.Bytes, page.Coding, options.MaxPageBytes, out var broken);
        if (broken && !job.Copy.Truncated)
        {
            metrics.NotLearned(PageSkip.BrokenBody);
            LogBroken(page.Key, page.Coding);
            return;
        }

        names.Check(page, html.Span);
        if (job.OnlyChecks)
        {
            Check(job, html.Span);
            return;
        }

        if (job.SkipIfNamed is { } known && Gone(page, html.Span, known) is { } gone)
        {
            store.Counts.NamedAgain(page.Key, known, gone);
            if (page.Audience == Audience.Everyone && gone.Count == 0
                && NamedResources.SaysTheSame(html.Span, page.Key.Authority, known.Analysis))
            {
                store.Counts.Received(page, known, wholly: false);
            }

            job.Knowledge.Guesses?.Note(isSurprise: false, page.Address.Host);
            if (gone.Count == 0)
            {
                job.Knowledge.Exact?.Checked(time.GetUtcNow());
            }

            metrics.NotLearned(PageSkip.AnalysedRecently);
            return;
        }

        // A page that ran out of its budget is not analysed again because of another query string.
        var changes = registry.Changes;
        var isUnread = false;
        var analysis = costly.Find(page, job.ContentHash);
        if (analysis is null)
        {
            if (costly.MustWait(page) && !store.IsWholeVariant(page.Key, page.VariantKey))
            {
                NoteLost(job, html.Span);
                metrics.NotLearned(PageSkip.TooCostly);
                return;
            }

            var startedAt = time.GetTimestamp();
            using var resources = stylesheets.For(
                page.Audience, job.Party, onlyNamed: store.KeepsChanging(page.Key, page.VariantKey),
                FetchCodings.For(page.AcceptEncoding));
            analysis = await analyzer.AnalyzeAsync(
                html, page.Url!, page.Charset, resources, client: null, page.Fields, cancellation);
            costly.Note(page, job.ContentHash, analysis, changes, time.GetElapsedTime(startedAt));
            isUnread = resources.HeldBack;
            if (analysis.RanOutOn is { } cost)
            {
                metrics.RanOut(cost.Name());
                LogRanOut(page.Url!, cost);
            }
        }

        NoteWrong(job, analysis);
        analysis = page.Complete(analysis);
        var security = ContentSecurityPolicy.Of(page.SecurityPolicy, analysis.MetaPolicies);
        var outcome = page.Audience == Audience.Everyone
            ? store.Learn(page, job.ContentHash, analysis, security, changes, isUnread)
            : store.LearnShared(page, analysis, security);
        if (outcome is null)
        {
            metrics.NotLearned(PageSkip.Purged);
            return;
        }

        stylesheets.NoteVersions(analysis);
        store.Observe(page.Key, page.ThinkTime, page.Length);
        metrics.Learned(outcome.Value);
        LogLearned(outcome.Value, page.Url!, analysis.Resources.Count);
    }

    // What a page does not name any more. If clients are told of any of that, it is analysed at once, and this is null.
    private static List<UInt128>? Gone(PageDescription page, ReadOnlySpan<byte> html, LearnedPage known)
    {
        var gone = Lost(page, html, known);
        return gone.Exists(known.IsTold) ? null : gone;
    }

    // If a stylesheet or script has gone, what such files named may have gone with it.
    private static List<UInt128> Lost(PageDescription page, ReadOnlySpan<byte> html, LearnedPage known)
    {
        var gone = NotNamed(page, html, known.Analysis);
        return gone.Exists(static r => r.Kind is ResourceKind.Style or ResourceKind.Script)
            ? [.. known.Analysis.Resources.Where(r => gone.Contains(r) || (!r.FoundBy.IsInPage() && r.FoundBy != FoundBy.LinkField))
                .Select(NameKey.Of)]
            : gone.ConvertAll(static r => NameKey.Of(r));
    }

    // Neither in its text nor in its Link fields.
    private static List<CriticalResource> NotNamed(PageDescription page, ReadOnlySpan<byte> html, PageAnalysis known)
    {
        var gone = NamedResources.NotIn(html, known);
        var linked = page.Url is { } url ? OriginLinks.Preloaded(new([.. page.LinkFields]), url) : null;
        gone.AddRange(known.Resources.Where(r => r.FoundBy == FoundBy.LinkField && linked?.Contains(r.Url.AbsoluteUri) != true));
        return gone;
    }

    // A page that must wait to be analysed can still show that something is not there any more.
    private void NoteLost(LearnJob job, ReadOnlySpan<byte> html)
    {
        if (!job.Copy.Truncated && job.Knowledge.Page is { } known && Lost(job.Page, html, known) is { Count: > 0 } lost
            && lost.Exists(known.IsTold))
        {
            var told = job.Told.Where(t => lost.Contains(NameKey.Of(t.Resource)));
            wrongs.Note(job.Page.Key, told);
            wrongs.Surprise(job.Knowledge, lost, job.Page.Address.Host);
        }
    }

    // What a client is told of others' page may be wrong for it, even if its own page teaches nothing about others.
    private void Check(LearnJob job, ReadOnlySpan<byte> html)
    {
        if (job.Knowledge is not { Guesses: { } guesses, Page: { } guess } || job.Copy.Truncated)
        {
            return;
        }

        var gone = NotNamed(job.Page, html, guess.Told);
        guesses.Note(isSurprise: gone.Count > 0, job.Page.Address.Host);
        wrongs.Note(job.Page.Key, job.Told.Where(told => gone.Contains(told.Resource)));
    }

    private void NoteWrong(LearnJob job, PageAnalysis analysis)
    {
        var (known, address) = (job.Knowledge, job.Page.Address.Host);
        wrongs.Note(job.Page.Key, WrongNames.Of(job.Told, analysis, known.Page?.Analysis));
        if (known is { Guesses: { } guesses, Page: { } guess })
        {
            guesses.Note(isSurprise: WrongNames.In(guess.Told.Resources, analysis, guess.Analysis).Any(), address);
        }
        else if (job.Page.Audience == Audience.Newcomers && known.Exact is { Page: { } everyones })
        {
            // The page that everyone got was made for one visitor this time. That says nothing of others, but is an answer for it.
            var lacks = new LearnedPage(analysis).LacksOf(everyones);
            if (lacks.Count > 0)
            {
                store.Counts.Lacked(everyones, lacks, address);
            }
            else
            {
                store.Counts.NamedAgain(job.Page.Key, everyones);
            }
        }
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
