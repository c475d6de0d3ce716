using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Forwarding.Shells;
using PushProxy.Http2;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>
/// Tells the way of one page view from top to bottom: recognise, recall, subtract, plan, deliver early, and begin with a shell. YARP
/// forwards. Then answer and learn. No error here fails a request: the page passes unchanged, and a counter counts the error.
/// </summary>
internal sealed partial class PageFlow(
    PolicyTable policies, PageRecall recall, PageStore store, DeliveryPlans plans, ClientCaches caches, EarlyDelivery early,
    PageAnswer answer, PageDescriber describer, PageObserver observer, ClientIdentities clients, ResourceRegistry registry,
    ShellFlow shells, ViewArms arms, LearningOptions options, TimeProvider time, PushProxyMetrics metrics, ILogger<PageFlow> logger)
{
    /// <summary>
    /// Handles a GET that is about to be forwarded. What is known about its page goes to the client while the origin thinks.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="request">The notes of the request.</param>
    /// <param name="route">The route that serves it.</param>
    /// <param name="policyName">The policy the route names.</param>
    public void BeforeForwarding(HttpContext http, ProxiedRequest request, string route, string? policyName)
    {
        try
        {
            // Recognise. Most requests are not navigations and end here.
            var kind = NavigationRequest.Classify(http.Request, out var notNavigation);
            if (kind == NavigationKind.None && notNavigation == PageSkip.NotNavigation)
            {
                return;
            }

            var policy = policies.Find(policyName);
            if (policy.Delivery == DeliveryMode.Off || recall.Find(http, request, route, policy, kind, notNavigation) is not { } record)
            {
                return;
            }

            request.Page = record;
            if (!IsPushed(http, record) && !arms.Came(http, request, record, policy))
            {
                record.NotEarly = DeliverEarly(http, record, policy);
                request.Shell = shells.Recall(http, record, policy);
            }
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.EarlyDelivery);
            LogEarlyFailed(e, http.Request.Path);
        }
    }

    /// <summary>Subtract, plan, deliver early. Returns why nothing was delivered, as a word; null if something was.</summary>
    private string? DeliverEarly(HttpContext http, DeliveryRecord record, DeliveryPolicy policy)
    {
        var visit = record.Visit;
        if (visit.NotNavigation != PageSkip.None)
        {
            return visit.NotNavigation.Name();
        }

        if (visit.Knowledge.Page is not { } page)
        {
            return (visit.IsMember && visit.Knowledge.Path is not null ? PageSkip.Personalised : PageSkip.Unknown).Name();
        }

        if (IsRestless(http, visit.Knowledge))
        {
            return PageSkip.Unsteady.Name();
        }

        var plan = record.Reduce(plans.For(page, policy, visit.IsMember));
        caches.Subtract(http.Request, record, plan);
        record.TellsInAdvance(plan);
        return early.Deliver(http, record, plan, policy, visit.Knowledge.Path?.Timing.Forecast ?? PageForecast.Unknown);
    }

    private bool IsRestless(HttpContext http, in PageKnowledge knowledge) =>
        !knowledge.IsQuiet && knowledge.IsRestless(clients.AddressOf(http.Connection.RemoteIpAddress).Host);

    private static bool IsPushed(HttpContext http, DeliveryRecord record) =>
        record.Connection is { HasPushed: true } && http.ServerPush().Promised is not null;

    /// <summary>Handles the origin's answer if it is a page: 200 and <c>text/html</c>. Its header fields have not left yet.</summary>
    /// <param name="http">The request.</param>
    /// <param name="request">The notes of the request.</param>
    /// <param name="route">The route that serves it.</param>
    /// <param name="policyName">The policy the route names.</param>
    /// <param name="setCookie">The origin's Set-Cookie fields, without those of the proxy.</param>
    public void PageCame(HttpContext http, ProxiedRequest request, string route, string? policyName, StringValues setCookie)
    {
        var policy = policies.Find(policyName);
        try
        {
            var skip = Answer(http, request, route, policy, setCookie);
            if (skip != PageSkip.None)
            {
                metrics.NotLearned(skip);
                if (policy.DebugHeader)
                {
                    http.Response.Headers.Append(DecisionHeader.Name, DecisionHeader.Format(skip));
                }
            }
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.Delivery);
            LogAnswerFailed(e, http.Request.Path);
        }
    }

    /// <summary>Answer and learn. Returns why the page gets neither; <see cref="PageSkip.None"/> if it is handled.</summary>
    private PageSkip Answer(HttpContext http, ProxiedRequest request, string route, DeliveryPolicy policy, StringValues setCookie)
    {
        if (policy.Delivery == DeliveryMode.Off)
        {
            return PageSkip.Off;
        }

        // Most pages were recognised by their request. A response can also be a page if its request does not look like a navigation.
        var record = request.Page;
        if (record is not { Visit.Kind: not NavigationKind.None } && !NavigationRequest.IsForDisplay(http.Request))
        {
            return PageSkip.NotNavigation;
        }

        if ((record ?? recall.FindLate(http, request, route, policy)) is not { } view)
        {
            return PageSkip.InvalidPageUrl;
        }

        if (record is null)
        {
            arms.CameLate(http, request, view, policy);
        }

        if (describer.Describe(http, view.Visit, setCookie, out var page) is not PageSkip.None and var skip)
        {
            return skip;
        }

        arms.Answered(http, view, policy);
        metrics.ThinkTime(route, page!.ThinkTime);
        view.Visit.Knowledge.Path?.Timing.Observe(page.ThinkTime, page.Length);
        YieldingBody.AddTo(http, view);
        if (request.Shell is { } shell)
        {
            shells.PageCame(http, shell, page!);
        }

        return page!.Audience == Audience.Everyone
            ? AnswerEveryone(http, view, policy, page)
            : AnswerOne(http, view, policy, page, setCookie);
    }

    /// <summary>
    /// Answers with a page that everyone gets alike. If its validator is known, nothing is read. If the validator shows another version,
    /// what was learned may be wrong and is not used. If the page has no validator, what was learned is used, and the bytes are checked
    /// afterwards. Names that may not be told to others yet are read in the page itself, for its own client.
    /// </summary>
    private PageSkip AnswerEveryone(HttpContext http, DeliveryRecord record, DeliveryPolicy policy, PageDescription page)
    {
        var knowledge = record.Visit.Knowledge;
        var isKnown = page.Validator is not null && knowledge.Exact?.Knows(page.Validator) == true;
        var hasChanged = !isKnown && page.Validator is not null && knowledge.Exact?.HasValidators == true;
        if (knowledge is { Page: { } known, IsPartial: false } && !hasChanged)
        {
            record.Visit.View?.IsConfirmed = true;
            knowledge.Exact?.Came();

            // What another variant's page says is not changed by this one, and a policy that only this client may have been sent decides
            // what it is told of.
            var isItsPolicy = knowledge.Exact is null ? known.States(page.SecurityPolicy)
                : store.Counts.NotePolicy(page.Key, known, page.SecurityPolicy, page.Connection);
            if (known.IsToldWhole && isItsPolicy && !IsRestless(http, knowledge))
            {
                answer.Name(http, record, policy, known, knowledge.Source);
            }
        }

        var wasJustChecked = page.Validator is null
            && knowledge.Exact is { HasValidators: false, Page: { IsToldWhole: true, Steadiness: not { IsChanging: true } } } recent
            && recent.IsFresh(time.GetUtcNow(), options.RecheckPause) && recent.Page.IsNamedBy(page.Connection);

        // A stylesheet may come in another version each time. If the page needed the same each time, it waits for a pause.
        var isOutdated = knowledge.Exact?.Page.IsOutdated(registry) == true && knowledge.Path!.MayLearn(time.GetUtcNow());

        // A known validator shows a version, but not that the bytes are those that others were sent. They are read where that counts.
        var learn = isOutdated || !(isKnown || wasJustChecked) || (isKnown && (store.Counts.WouldCount(page, knowledge.Exact!.Page)
            || (knowledge.Exact.Page.IsUnread && knowledge.Path!.MayLearn(time.GetUtcNow()))));
        if (isKnown && !learn)
        {
            store.Counts.NamedAgain(page.Key, knowledge.Exact!.Page);
        }

        return record.IsAnswered && !learn ? PageSkip.None : Learn(http, record, policy, page, learn);
    }

    /// <summary>Answers with a page made for this client. It is read for this client, and counted for others.</summary>
    private PageSkip AnswerOne(
        HttpContext http, DeliveryRecord record, DeliveryPolicy policy, PageDescription page, StringValues setCookie)
    {
        var knowledge = record.Visit.Knowledge;
        if (page.Audience == Audience.Newcomers && knowledge is { Path: { } path, Exact: { } everyones })
        {
            // What everyone got alike is made for each visitor now.
            store.Forget(page.Key, path, everyones.Key, page.Connection);
        }

        if (knowledge is { Page: { } known, IsPartial: false, Source: PageSource.SharedByClients })
        {
            answer.Name(http, record, policy, known, knowledge.Source);
        }

        var client = clients.Renew(clients.Of(http.Request.Headers), setCookie);
        if (page.Audience == Audience.Newcomers && client.Marks.IsDefaultOrEmpty)
        {
            client = clients.OfConnection(page.Connection);
        }

        client = client with { Address = page.Address.Host };

        // What was told is compared with the client's own page, even if that could teach nothing now.
        var teaches = client.Proof != ClientProof.None;
        var learn = knowledge.Page is not null ? teaches || MayCheck(knowledge, page)
            : teaches && (knowledge.Path?.MayLearnShared(page.Audience, page.VariantKey, client, time.GetUtcNow()) ?? true);
        if (!learn || !teaches)
        {
            metrics.NotLearned(PageSkip.Personalised);
        }

        return record.IsAnswered && !learn ? PageSkip.None : Learn(http, record, policy, page with { Client = client }, learn);
    }

    private bool MayCheck(in PageKnowledge knowledge, PageDescription page) => knowledge.Guesses is { } guesses
        && (page.Validator is null || knowledge.Exact?.Knows(page.Validator) != true)
        && guesses.MayCheck(time.GetUtcNow(), options.RecheckPause);

    /// <summary>Learn: observes the body as it passes.</summary>
    private PageSkip Learn(HttpContext http, DeliveryRecord record, DeliveryPolicy policy, PageDescription page, bool learn)
    {
        if (record.Visit.Knowledge.Exact is null && page.Url is null)
        {
            return PageSkip.InvalidPageUrl;
        }

        observer.Observe(http, page, record, policy, learn);
        return PageSkip.None;
    }

    [LoggerMessage(1, LogLevel.Error, "Deciding what to deliver early for {Path} failed; the page passes unchanged")]
    private partial void LogEarlyFailed(Exception exception, PathString path);

    [LoggerMessage(2, LogLevel.Error, "Deciding what to deliver for {Path} failed; the page passes unchanged")]
    private partial void LogAnswerFailed(Exception exception, PathString path);
}
