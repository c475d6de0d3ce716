using System.Net;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Server.Configuration;

namespace PushProxy.Server.Hosting;

/// <summary>
/// Redirects requests that come by http to https (<see cref="ServerOptions.RedirectToHttps"/>), and tells browsers to stay there (HSTS, RFC
/// 6797).
/// </summary>
internal static class HttpsOnly
{
    // A certificate authority asks here by http whether a name is one's own (RFC 8555 §8.3).
    private const string AcmePath = "/.well-known/acme-challenge";

    public static void UseHttpsOnly(this WebApplication app, ServerOptions options, Listeners listeners)
    {
        var isPossible = options.Listen.Any(static l => l.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
            && options.Listen.Any(static l => l.StartsWith("http:", StringComparison.OrdinalIgnoreCase));
        if (isPossible && options.RedirectToHttps != false && (options.RedirectToHttps == true || options.Certificates.Count > 0))
        {
            app.Use(next => http => Redirects(http, options) ? Redirect(http, listeners) : next(http));
        }

        if (options.StrictTransportSecurity is { } policy)
        {
            app.Use(next => http =>
            {
                if (http.Request.IsHttps)
                {
                    http.Response.OnStarting(static state =>
                    {
                        var (response, policy) = ((HttpResponse, string))state;
                        if (response.Headers.StrictTransportSecurity.Count == 0)
                        {
                            response.Headers.StrictTransportSecurity = policy;
                        }

                        return Task.CompletedTask;
                    }, (http.Response, policy));
                }

                return next(http);
            });
        }
    }

    private static bool Redirects(HttpContext http, ServerOptions options) =>
        !http.Request.IsHttps && !http.Request.Path.StartsWithSegments(AcmePath) && http.Request.Host.HasValue
            && (options.RedirectToHttps == true || IsPublic(http.Request.Host.Host))
            && !http.Request.Headers["X-Forwarded-Proto"].ToString().Equals("https", StringComparison.OrdinalIgnoreCase);

    // The certificate of a machine's own name or address is seldom one that browsers accept.
    private static bool IsPublic(string host) => host.Contains('.') && !IPAddress.TryParse(host.Trim('[', ']'), out _)
        && !host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static Task Redirect(HttpContext http, Listeners listeners)
    {
        var request = http.Request;
        var raw = http.Features.Get<IHttpRequestFeature>()?.RawTarget;
        var target = raw is ['/', ..] && !raw.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? raw : UriHelper.BuildRelative(path: request.Path, query: request.QueryString);
        http.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        http.Response.Headers.Location = $"https://{request.Host.Host}{Port(request, http.Connection.LocalPort, listeners)}{target}";
        return Task.CompletedTask;
    }

    // If clients use another port than this listener has, something stands before it that maps ports, and https is where it always is.
    private static string Port(HttpRequest request, int local, Listeners listeners) =>
        (request.Host.Port ?? 80) == local && listeners.HttpsPort is { } port and not 443 ? $":{port}" : "";
}
