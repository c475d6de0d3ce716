using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PushProxy.Cache;
using PushProxy.Client;
using PushProxy.Client.Arms;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Knowledge;
using PushProxy.Knowledge.Shells;
using PushProxy.Model;

namespace PushProxy.Forwarding.Shells;

/// <summary>
/// Tells the way of a page's shell: whether one is known and may be sent, sending it before the request is forwarded, and what becomes of
/// it when the origin has answered.
/// </summary>
internal sealed partial class ShellFlow(
    PolicyTable policies, ShellStore store, ShellLearner learner, KeptAnswers keeping, PageAnswer answer, ClientIdentities clients,
    ViewClock clock, ShellOptions options, PushProxyMetrics metrics, ILogger<ShellFlow> logger)
{
    /// <summary>Whether any policy sends shells, or has.</summary>
    public bool IsOn => policies.SendsShells;

    /// <summary>Returns whether a request's page may begin with a shell, as far as a glance shows.</summary>
    public bool MayBegin(HttpRequest request) => policies.SendsShells && HttpProtocol.IsHttp2(request.Protocol)
        && HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Dest"] == "document";

    /// <summary>Finds out whether a page may begin with a shell. What was delivered early has been.</summary>
    /// <param name="http">The request.</param>
    /// <param name="record">The page view.</param>
    /// <param name="policy">The policy of the route.</param>
    /// <returns>Null if no shell is sent, and none is compared with the answer.</returns>
    public ShellVisit? Recall(HttpContext http, DeliveryRecord record, DeliveryPolicy policy)
    {
        if (policy.Shell == ShellMode.Off)
        {
            return null;
        }

        var visit = record.Visit;
        var skip = ShellRequest.Check(http, visit, options);
        if (skip != ShellSkip.None)
        {
            record.Shell = policy.Shell == ShellMode.On ? skip.Name() : null;
            return null;
        }

        var vary = visit.Knowledge.Path?.Vary ?? [];
        var key = new ShellKey(
            visit.Query.Length == 0 ? ShellScope.Page : ShellScope.Query, visit.Key.Route, visit.Key.Authority, visit.Key.Path,
            visit.Query.Length == 0 ? 0 : VariantKey.Of(visit.Query, http.Request.Headers, []), visit.IsMember,
            vary.Count == 0 ? 0 : VariantKey.Of("", http.Request.Headers, vary));
        var site = store.SiteOf(visit.Key.Authority);
        var changedAt = site.ChangedAt;
        var own = store.Find(key);
        var source = store.FindShell(key, own, changedAt);
        var shell = source?.Current;
        skip = WhyNot(visit, policy, source, shell, site, changedAt);
        record.Shell = skip == ShellSkip.None ? "sent" : skip.Name();
        return new ShellVisit(visit.Key, key, ClientOf(http, visit.IsMember), shell is null ? null : source, shell, site)
        {
            Skip = skip,
            Vary = vary,
            Own = own,
        };
    }

    // By its network, because one person may have many addresses; those who have cookies by what shows that the site knows them.
    private ulong ClientOf(HttpContext http, bool isMember) =>
        !isMember ? clients.AddressOf(http.Connection.RemoteIpAddress).Network
        : clients.Of(http.Request.Headers) is { Proof: ClientProof.Shown, Marks: [var first, ..] } ? first : 0;

    private ShellSkip WhyNot(
        PageVisit visit, DeliveryPolicy policy, LearnedShell? source, Shell? shell, ShellSite site, long changedAt) =>
        policy.Shell == ShellMode.Shadow ? ShellSkip.Shadow
        : source is null || shell is null ? ShellSkip.Unknown
        : !source.IsProven(changedAt) ? ShellSkip.NotProven
        : ((visit.Knowledge.Path?.Timing ?? source.Timing).ThinkTime ?? options.MinThinkTime) < options.MinThinkTime ? ShellSkip.Quick
        : source.CameEncoded && !policy.Compression ? ShellSkip.Encoded
        : policy.Cache == HttpCacheScope.All && shell.Fields.MayBeStored ? ShellSkip.Stored
        : site.WhyNot();

    /// <summary>Sends a page's shell.</summary>
    /// <param name="http">The request.</param>
    /// <param name="request">Its notes. They have the shell.</param>
    /// <param name="forwarded">The request as it will be forwarded.</param>
    /// <param name="policyName">The policy that the route names.</param>
    public async ValueTask SendAsync(HttpContext http, ProxiedRequest request, HttpRequestMessage forwarded, string? policyName)
    {
        if (request.Shell is not { IsSent: true, Expected: { } shell } visit || http.Response.HasStarted
            || ShellLifetime.Of(http) is not { } lifetime)
        {
            return;
        }

        // A wrong one is to be stored nowhere.
        var cache = http.Features.Get<IHttpCacheFeature>();
        cache?.DoNotStore();
        var before = new HeaderDictionary(http.Response.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
        shell.Fields.WriteTo(http.Response.Headers);
        Name(http, request.Page!, policies.Find(policyName));
        try
        {
            request.ShellResponse = await ShellResponse.SendAsync(http, shell, before, keeping, lifetime);
            request.ShellResponse.WentWrong = response => WentWrong(response, visit);
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested)
        {
            throw new OperationCanceledException("The client has gone.", e, http.RequestAborted);
        }

        http.Features.Set<IHttpCacheFeature>(null);
        request.Page!.Awaited?.Begun();
        clock.PageCame(request.Page.Connection, request.Page.Visit);

        // The shell has no content coding, so neither may what comes behind it. The proxy itself compresses both.
        forwarded.Headers.Remove("Accept-Encoding");
        visit.Source!.Counts.WasSent();
        visit.Site.WasSent();
    }

    // As the page's own answer would, it names what was not delivered early.
    private void Name(HttpContext http, DeliveryRecord record, DeliveryPolicy policy)
    {
        try
        {
            if (record.Visit.Knowledge is { Page: { IsToldWhole: true } known, IsPartial: false } knowledge
                && record.NotEarly != PageSkip.Unsteady.Name() && known.States(http.Response.Headers.ContentSecurityPolicy))
            {
                answer.Name(http, record, policy, known, knowledge.Source);
            }
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.Delivery);
            LogNamingFailed(e, http.Request.Path);
        }

        if (policy.DebugHeader && !record.IsAnswered)
        {
            http.Response.Headers.Append(DecisionHeader.Name, DecisionHeader.FormatShell(record));
        }
    }

    /// <summary>The origin's answer is a page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="visit">The visit that it belongs to.</param>
    /// <param name="page">The page.</param>
    public void PageCame(HttpContext http, ShellVisit visit, PageDescription page)
    {
        ProxiedRequest.Find(http)?.ShellResponse?.ThinkTime = page.ThinkTime;
        learner.Observe(http, visit, page.Coding, page.ThinkTime);
    }

    /// <summary>The origin's answer is no page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="visit">The visit that it belongs to.</param>
    public void NoPageCame(HttpContext http, ShellVisit visit)
    {
        if (visit is { IsSent: false, Source: { } source, Expected: { } shell })
        {
            var verdict = new ShellVerdict(ShellFault.Status, $"{http.Response.StatusCode}");
            source.Note(shell, verdict, visit, TimeSpan.Zero);
            learner.Judged(visit, verdict);
            store.Learned(visit);
        }
    }

    /// <summary>What forwards has returned.</summary>
    /// <param name="request">The notes of the request.</param>
    /// <param name="failed">Whether the origin did not answer, or broke its answer off.</param>
    public async Task FinishAsync(ProxiedRequest request, bool failed)
    {
        var (response, visit) = (request.ShellResponse!, request.Shell!);
        await response.FinishAsync(failed);
        if (response.IsRight)
        {
            visit.Source!.Note(visit.Expected!, default, visit, response.ThinkTime);
            learner.Judged(visit, default);
        }

        store.Learned(visit);
    }

    // Before the client hears of it: nobody else is to be sent it, and the client not a second time.
    private void WentWrong(ShellResponse response, ShellVisit visit)
    {
        var verdict = response.Verdict;
        visit.Source!.Note(visit.Expected!, verdict, visit, TimeSpan.Zero);
        store.Stop(visit);
        var isSiteStopped = learner.Judged(visit, verdict);
        LogWrong(visit.Page.Authority + visit.Page.Path, verdict, response.IsKept ? "answer was kept" : "origin is asked again");
        if (isSiteStopped)
        {
            LogStopped(visit.Page.Authority);
        }
    }

    /// <summary>Returns the answer that is kept for a client who loads a page again after a wrong shell; null if none is.</summary>
    public KeptAnswer? TakeKept(HttpContext http) => keeping.Take(http);

    [LoggerMessage(1, LogLevel.Warning, "The shell of {Page} was wrong ({Verdict}); its client loads the page again, and the {Outcome}")]
    private partial void LogWrong(string page, ShellVerdict verdict, string outcome);

    [LoggerMessage(2, LogLevel.Warning, "Shells of {Host} are no longer sent: too many were wrong. They are still compared.")]
    private partial void LogStopped(string host);

    [LoggerMessage(3, LogLevel.Error, "Deciding what the shell of {Path} names failed; it names nothing")]
    private partial void LogNamingFailed(Exception exception, PathString path);
}
