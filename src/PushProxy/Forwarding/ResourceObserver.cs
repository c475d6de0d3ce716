using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using PushProxy.Diagnostics;
using PushProxy.Pages;

namespace PushProxy.Forwarding;

/// <summary>
/// Takes the answers for stylesheets, scripts, fonts and images as evidence: whether they are there, for whom they are, and how
/// long they are. Nothing here may fail a request.
/// </summary>
internal sealed partial class ResourceObserver(ResourceRegistry registry, PushProxyMetrics metrics, ILogger<ResourceObserver> logger)
{
    /// <summary>An answer that is no page.</summary>
    public void Observe(HttpContext http, bool setsCookies)
    {
        try
        {
            ObserveAnswer(http, setsCookies, wasPromised: false);
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.Delivery);
            LogFailed(e, http.Request.Path);
        }
    }

    /// <summary>The answer to a promised request, if it is one.</summary>
    /// <param name="http">The request.</param>
    /// <param name="setsCookies">Whether the origin sets cookies with it.</param>
    /// <param name="givenUp">Whether it was not what was promised, and the push has been ended.</param>
    /// <returns>Whether it is one.</returns>
    public bool ObservePushed(HttpContext http, bool setsCookies, out bool givenUp)
    {
        givenUp = false;
        try
        {
            if (PushedResponse.Find(http, out var connection) is not { } pushed)
            {
                // What a hint made the client ask for early must not hold up the page either.
                if (http.Response.StatusCode == StatusCodes.Status200OK && PushedResponse.FindHinted(http, connection) is { } hinted)
                {
                    PushedResponse.Pace(http, connection!, hinted);
                }

                return false;
            }

            givenUp = http.Response.StatusCode != StatusCodes.Status200OK;
            ObserveAnswer(http, setsCookies, wasPromised: true);
            if (givenUp)
            {
                PushedResponse.GiveUp(http);
            }
            else
            {
                PushedResponse.Pace(http, connection!, pushed);
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

    private void ObserveAnswer(HttpContext http, bool setsCookies, bool wasPromised)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!registry.TryFind(http.Request.Host.Value ?? "", target, out var state))
        {
            return;
        }

        var status = http.Response.StatusCode;
        switch (status)
        {
            case StatusCodes.Status200OK:
                state.Size = (int)Math.Min(http.Response.ContentLength ?? state.Size, int.MaxValue);
                goto case StatusCodes.Status304NotModified;

            case StatusCodes.Status304NotModified:
                var isPrivate = setsCookies || IsPrivate(http.Response.Headers.CacheControl);
                Exclude(state, isPrivate ? SkipReason.PrivateResource : SkipReason.None, status);
                break;

            // What redirects is not what the page names, and what is forbidden to one who asked is nothing to push to others.
            case 301 or 302 or 303 or 307 or 308 or 401 or 403 or 404 or 410:
            case var _ when wasPromised:
                Exclude(state, SkipReason.Missing, status);
                break;

            default:
                break;
        }
    }

    private void Exclude(ResourceState state, SkipReason reason, int status)
    {
        if (registry.Exclude(state, reason))
        {
            LogChanged(state.Key, status, reason);
        }
    }

    // RFC 9111 §5.2.2.5 and §5.2.2.7; an argument of private names fields, and is rare enough to be taken for the whole.
    private static bool IsPrivate(StringValues cacheControl)
    {
        foreach (var line in cacheControl)
        {
            if (line is not null && (line.Contains("private", StringComparison.OrdinalIgnoreCase) || line.Contains("no-store", StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }

    [LoggerMessage(1, LogLevel.Error, "Looking at the answer for {Path} failed; it passes as it is")]
    private partial void LogFailed(Exception exception, PathString path);

    [LoggerMessage(2, LogLevel.Information, "{Resource} answered {StatusCode}: delivered early or not, by reason '{Reason}'")]
    private partial void LogChanged(string resource, int statusCode, SkipReason reason);
}
