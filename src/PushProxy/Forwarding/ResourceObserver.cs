using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using PushProxy.Client;
using PushProxy.Diagnostics;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>
/// Uses the answers for stylesheets, scripts, fonts and images as evidence: whether the resource exists, for whom it is, its size and
/// version, and that this client now has it. No error here fails a request.
/// </summary>
internal sealed partial class ResourceObserver(
    ResourceRegistry registry, ClientCacheOptions cache, ClientConnections connections, ClientIdentities clients, TimeProvider time,
    PushProxyMetrics metrics, ILogger<ResourceObserver> logger)
{
    /// <summary>
    /// How long a client that makes a conditional request is believed to have the version it names. By then the answer should have come.
    /// </summary>
    private static readonly TimeSpan BelieveCondition = TimeSpan.FromSeconds(10);

    /// <summary>Observes a request that may be for a resource. Not every client says what it requests.</summary>
    public void ObserveRequest(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (headers.IfNoneMatch.Count == 0 && headers.IfModifiedSince.Count == 0)
        {
            return;
        }

        try
        {
            if (Find(http) is { Version.Version: var version } state && version.IsNamedBy(state.CacheKey, headers))
            {
                var now = time.GetUtcNow();
                connections.FindOrAdd(http)?.Cache
                    .Record(state.CacheKey, version, CacheEvidence.ConditionalRequest, Freshness.FreshUntil(now + BelieveCondition), now);
                LogEvidence(state.Key, CacheEvidence.ConditionalRequest);
            }
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.Delivery);
            LogFailed(e, http.Request.Path);
        }
    }

    /// <summary>Observes an answer that is not a page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="connection">The client's connection; null if nothing was known about it when the request arrived.</param>
    /// <param name="setsCookies">Whether the origin sets cookies with it.</param>
    public void Observe(HttpContext http, ClientConnection? connection, bool setsCookies)
    {
        try
        {
            if (Find(http) is { } state)
            {
                var (version, freshness) = Learn(http, state, setsCookies, wasPromised: false);
                var isFresh = freshness.Kind == FreshnessKind.Fresh;
                if (!isFresh && http.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified)
                {
                    // The answer replaces or renews the client's copy, which it may not use without asking now. So what was known ends.
                    (connection ?? ClientConnections.Find(http))?.Cache.Record(state.CacheKey, default, CacheEvidence.ServedOnConnection,
                        Freshness.NotStored, time.GetUtcNow());
                }

                // A copy with a validator is worth something even if it is not fresh: the client can ask about it.
                if (isFresh || (freshness.Kind == FreshnessKind.Revalidate && version is not null))
                {
                    connection ??= connections.FindOrAdd(http);
                    if (connection is not null)
                    {
                        Follow(http, connection, state, version, freshness);
                    }
                }
            }
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.Delivery);
            LogFailed(e, http.Request.Path);
        }
    }

    /// <summary>Observes the answer to a promised request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="connection">The client's connection; null if nothing was known about it when the request arrived.</param>
    /// <param name="setsCookies">Whether the origin sets cookies with it.</param>
    /// <param name="isOrigins">
    /// Whether the origin gave the answer. If the application did, only a refusal that anybody would get is evidence: a rate limit or a
    /// request that is not understood concerns one client.
    /// </param>
    /// <param name="givenUp">True if the answer was not what was promised, and the push was ended.</param>
    /// <returns>True if the request was promised.</returns>
    public bool ObservePushed(HttpContext http, ClientConnection? connection, bool setsCookies, bool isOrigins, out bool givenUp)
    {
        givenUp = false;
        try
        {
            if (PushedResponse.Find(http, connection) is not { } pushed)
            {
                // A resource that the client requests early because of a hint must not delay the page either.
                if (http.Response.StatusCode == StatusCodes.Status200OK && PushedResponse.FindHinted(http, connection) is { } hinted)
                {
                    connection!.Schedule.Begun(hinted.Order);
                    http.Response.OnCompleted(() =>
                    {
                        connection.Schedule.Ended(hinted.Order);
                        return Task.CompletedTask;
                    });
                    PushedResponse.Pace(http, connection, hinted);
                }

                return false;
            }

            givenUp = !PushedResponse.IsWhatWasPromised(http.Response, pushed, setsCookies);
            if (!givenUp)
            {
                // Nearest to the client: what reads the body must not be passed by.
                PushedResponse.Pace(http, connection!, pushed);
            }

            if (Find(http) is { } state)
            {
                var (version, freshness) = Learn(http, state, setsCookies, wasPromised: isOrigins);
                (pushed.Version, pushed.Freshness) = (version?.Version, freshness);
            }

            if (givenUp)
            {
                PushedResponse.GiveUp(http);
            }
            else if (pushed is { Version: null, Freshness.Kind: FreshnessKind.Fresh })
            {
                var hashed = HashedBody.AddTo(http);
                pushed.ContentHash = () => hashed.Hash;
            }

            return true;
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.PushedResponse);
            LogFailed(e, http.Request.Path);
            return true;
        }
    }

    private ResourceState? Find(HttpContext http) =>
        registry.TryFind(http.Request.Host.Value ?? "", http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, out var state)
            ? state : null;

    /// <summary>Learns what the answer says about the resource, whoever gets it.</summary>
    private (ResourceVersionState? Version, Freshness Freshness) Learn(HttpContext http, ResourceState state, bool setsCookies,
        bool wasPromised)
    {
        var response = http.Response;
        var excluded = ResourceAnswer.Excludes(response, setsCookies, wasPromised);
        if (excluded is { } reason && registry.Exclude(state, reason))
        {
            LogChanged(state.Key, response.StatusCode, reason.Name());
        }

        if (response.StatusCode is not (StatusCodes.Status200OK or StatusCodes.Status304NotModified))
        {
            return (null, Freshness.NotStored);
        }

        var now = time.GetUtcNow();
        var freshness = Freshness.Of(response.StatusCode, response.Headers, now, cache.MaxHeuristicLifetime);
        var version = ResourceVersionState.Of(state.CacheKey, response.Headers, freshness, now);
        if (response.StatusCode == StatusCodes.Status200OK)
        {
            Note(http, state, version?.Version, freshness, now, isForAll: excluded == ResourceSkip.None);
        }
        else if (state.Answer is { IgnoresConditions: true } answer)
        {
            registry.Answered(state, answer with { IgnoresConditions = false });
        }

        var statesLifetime = response.Headers.CacheControl.Count > 0 || response.Headers.Expires.Count > 0;
        if (response.StatusCode == StatusCodes.Status304NotModified && (version is null || !statesLifetime) && state.Version is { } known
            && (version is null ? known.Version.IsNamedBy(state.CacheKey, http.Request.Headers) : version.Version == known.Version))
        {
            // A 304 should repeat validator and lifetime, but some do not (RFC 9110 §15.4.5). The client has the version it asked about.
            // The lifetime stated before applies again from now on (RFC 9111 §4.3.4).
            return (known, statesLifetime
                ? freshness : known.FreshUntil(now) is var until && until > now ? Freshness.FreshUntil(until) : Freshness.Revalidate);
        }

        if (version is not null && registry.Observe(state, version, ResourceAnswer.IsStylesheet(response)))
        {
            Compare(http, state, version.Version);
        }

        return (version, freshness);
    }

    /// <summary>Notes what a 200 says about telling others of the resource.</summary>
    private void Note(
        HttpContext http, ResourceState state, ResourceVersion? version, Freshness freshness, DateTimeOffset now, bool isForAll)
    {
        var before = state.Answer;
        var answer = ResourceAnswer.FactsOf(
            http, before, state.CacheKey, version, freshness, now, isForAll,
            () => clients.Of(http.Request.Headers) with { Address = clients.AddressOf(http.Connection.RemoteIpAddress).Host });
        registry.Answered(state, answer);
        if (http.Response.ContentLength is null && (answer != before || answer.Size < 0))
        {
            CountedBody.AddTo(http, bytes => registry.Sized(state, bytes));
        }
    }

    /// <summary>Finds out whether a stylesheet's version that was not seen before has other content, once the answer is complete.</summary>
    private void Compare(HttpContext http, ResourceState state, ResourceVersion version)
    {
        if (http.Response.StatusCode != StatusCodes.Status200OK)
        {
            registry.Passed(state, version, null, isCoded: false);
            return;
        }

        var hashed = HashedBody.AddTo(http);
        http.Response.OnCompleted(() =>
        {
            if (!OriginAnswer.IsBroken(http) && hashed.Hash is { } hash)
            {
                registry.Passed(state, version, hash, ResourceAnswer.IsCoded(http.Response));
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>Notes that the client has the resource, once the answer is complete.</summary>
    private void Follow(HttpContext http, ClientConnection connection, ResourceState state, ResourceVersionState? version,
        Freshness freshness)
    {
        if (version is not null && http.Response.StatusCode == StatusCodes.Status200OK
            && ReloadDetection.Of(http.Request.Headers) != Reload.Hard
            && connection.Cache.Has(state.CacheKey, version.Version, time.GetUtcNow()) == CacheEvidence.PushedOnConnection)
        {
            // The client requests a resource that was pushed to it. A validation, or a fetch that bypasses the cache, does not show that
            // the push was wasted.
            state.Wasted(Math.Max(0, state.Size));
            metrics.Wasted(Math.Max(0, state.Size));
        }

        HashedBody? hashed = null;
        if (version is null && http.Response.StatusCode == StatusCodes.Status200OK)
        {
            hashed = HashedBody.AddTo(http);
        }

        http.Response.OnCompleted(() =>
        {
            if (!OriginAnswer.IsBroken(http))
            {
                Completed(http, connection, state, version, hashed, freshness);
            }

            return Task.CompletedTask;
        });
    }

    private void Completed(
        HttpContext http, ClientConnection connection, ResourceState state, ResourceVersionState? version, HashedBody? hashed,
        Freshness freshness)
    {
        if (version is null && hashed?.Hash is { } hash)
        {
            version = new ResourceVersionState(ResourceVersion.OfContent(state.CacheKey, hash), null, freshness.Until);
            if (registry.Observe(state, version, ResourceAnswer.IsStylesheet(http.Response)))
            {
                registry.Passed(state, version.Version, hash, ResourceAnswer.IsCoded(http.Response));
            }
        }

        if (version is not null)
        {
            var evidence = http.Response.StatusCode == StatusCodes.Status304NotModified
                ? CacheEvidence.Validated : CacheEvidence.ServedOnConnection;
            connection.Cache.Record(state.CacheKey, version.Version, evidence, freshness, time.GetUtcNow());
            LogEvidence(state.Key, evidence);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Reading the answer for {Path} failed; it passes unchanged")]
    private partial void LogFailed(Exception exception, PathString path);

    [LoggerMessage(2, LogLevel.Information,
        "{Resource} answered {StatusCode}: from now on the reason not to deliver it early is '{Reason}'")]
    private partial void LogChanged(string resource, int statusCode, string reason);

    [LoggerMessage(3, LogLevel.Debug, "Evidence that a client has {Resource}: {Evidence}")]
    private partial void LogEvidence(string resource, CacheEvidence evidence);
}
