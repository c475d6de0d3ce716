using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;
using PushProxy.Analysis;
using PushProxy.Diagnostics;
using PushProxy.Http2;
using PushProxy.Model;

namespace PushProxy.Forwarding.Interim;

/// <summary>
/// What the origin hints at for one request: its own 103s (RFC 8297). They go on to the client that asked, without what that client was
/// told already, and what they preload teaches. The flow of a request carries this from where the request arrives to the connection on
/// which it is forwarded.
/// </summary>
internal sealed partial class OriginHints(HttpContext http, PushProxyMetrics metrics, ILogger<OriginHints> logger)
{
    private const int EarlyHints = 103;
    private const string Link = "Link";

    /// <summary>How many values of Link are kept for learning.</summary>
    private const int MaxLinks = 64;

    // What browsers read in a 103 besides Link (HTML §4.2.4.5).
    private static readonly HashSet<string> s_others =
        new(["Content-Security-Policy", "Referrer-Policy"], StringComparer.OrdinalIgnoreCase);

    private static readonly AsyncLocal<OriginHints?> s_current = new();

    // What a connection reads and what the request's own flow does may meet.
    private readonly Lock _lock = new();
    private HttpContext? _http;
    private Uri? _destination;
    private List<string>? _links;

    /// <summary>That of the request in whose flow this is called; null if there is none, or the proxy itself asks.</summary>
    public static OriginHints? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }

    /// <summary>The values of Link that came, as the client sees them.</summary>
    public IReadOnlyList<string> Links
    {
        get
        {
            lock (_lock)
            {
                return _links ?? [];
            }
        }
    }

    /// <summary>Begins: the request is about to be forwarded, and its final response has not come.</summary>
    /// <param name="destination">The URL that the origin is asked for.</param>
    public void Begin(Uri destination)
    {
        lock (_lock)
        {
            (_http, _destination) = (http, destination);
        }
    }

    /// <summary>Takes the fields of a 103. Nothing that happens here fails the request.</summary>
    public void Came(IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        lock (_lock)
        {
            if (_http is null || _destination is null)
            {
                return;
            }

            try
            {
                PassOn(_http, _destination, fields);
            }
            catch (Exception e)
            {
                metrics.Error(ErrorStage.OriginHints);
                LogFailed(e, _http.Request.Path);
            }
        }
    }

    /// <summary>Ends it: the final response has come, or none will. The request belongs to others from now on.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _http = null;
        }
    }

    private void PassOn(HttpContext http, Uri destination, IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        var name = new PublicName(http.Request, destination);
        var told = ProxiedRequest.Find(http)?.Page?.ToldInAdvance() ?? [];
        var page = new Uri(UriHelper.GetEncodedUrl(http.Request));
        var passed = new List<KeyValuePair<string, string>>(fields.Count);
        var isNew = false;
        foreach (var (field, value) in fields)
        {
            if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                continue;
            }

            if (!field.Equals(Link, StringComparison.OrdinalIgnoreCase))
            {
                if (s_others.Contains(field))
                {
                    passed.Add(new(field, value));
                }

                continue;
            }

            var link = name.Link(value);
            if ((_links ??= []).Count < MaxLinks)
            {
                _links.Add(link);
            }

            if (!LinkField.Parse(link).All(l => IsTold(told, page, l)))
            {
                isNew = true;
                passed.Add(new(field, link));
            }
        }

        if (isNew && http.InformationalResponse() is { Availability: InformationalOutcome.Sent } client)
        {
            _ = CountAsync(client.SendAsync(EarlyHints, passed).AsTask());
        }
    }

    private static bool IsTold(IReadOnlyList<ToldResource> told, Uri page, LinkField link) =>
        Uri.TryCreate(page, link.Target, out var url) && told.Any(t => t.Resource.Url.AbsoluteUri == url.AbsoluteUri);

    private async Task CountAsync(Task<InformationalOutcome> sending) => metrics.OriginHints(await sending.ConfigureAwait(false));

    [LoggerMessage(1, LogLevel.Error, "Passing on the origin's 103 for {Path} failed; the response passes unchanged")]
    private partial void LogFailed(Exception exception, PathString path);
}
