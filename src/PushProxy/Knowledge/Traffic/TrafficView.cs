using PushProxy.Analysis;
using PushProxy.Model;

namespace PushProxy.Knowledge.Traffic;

/// <summary>
/// One view of a page by a client that had nothing of it. It is watched for a few seconds. Safe for use by several requests at once.
/// </summary>
/// <param name="traffic">The traffic of the page.</param>
/// <param name="key">The key of the page.</param>
/// <param name="path">The entry of the page's path.</param>
/// <param name="viewer">The client that views the page.</param>
/// <param name="page">The scheme, authority, and path with query of the page.</param>
/// <param name="startedAt">When the page was requested.</param>
/// <param name="verdict">The number of the page's verdict when the view began.</param>
/// <param name="heldOut">The path and query of the resource that this view leaves out; null for most views.</param>
internal sealed class TrafficView(
    PageTraffic traffic, PageKey key, LearnedPath path, IViewer viewer, (string Scheme, string Authority, string Target) page,
    DateTimeOffset startedAt, int verdict, string? heldOut)
{
    /// <summary>The maximum number of requests that may add resources. Later requests are hardly for the first screen.</summary>
    public const int MaxRequests = 16;

    /// <summary>The maximum number of characters kept of targets that the page is not known to need.</summary>
    private const int MaxCharacters = 4096;

    private readonly Lock _lock = new();

    // Null once the view has ended: its connection may live much longer.
    private Dictionary<string, AskedFor>? _asked = new(StringComparer.Ordinal);
    private int _requests;
    private int _characters;

    public PageTraffic Traffic { get; } = traffic;

    public PageKey Key { get; } = key;

    public LearnedPath Path { get; } = path;

    public IViewer Viewer { get; } = viewer;

    public DateTimeOffset StartedAt { get; } = startedAt;

    public int Verdict { get; } = verdict;

    public string? HeldOut { get; } = heldOut;

    /// <summary>Where the client is (<see cref="ClientAddress.Network"/>); 0 if that is not known.</summary>
    public ulong Network { get; init; }

    /// <summary>Whether the response was the page as everyone gets it. Only then does the view count.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>
    /// Returns whether a request's Referer names the page. Within an origin it is the whole URL (Referrer Policy §3). The scheme is
    /// ignored, because it differs behind a TLS terminator.
    /// </summary>
    public bool IsNamedBy(ReadOnlySpan<char> referer)
    {
        var colon = referer.IndexOf("://", StringComparison.Ordinal);
        return colon > 0 && referer.Length == colon + 3 + page.Authority.Length + page.Target.Length
            && referer[(colon + 3)..].StartsWith(page.Authority, StringComparison.OrdinalIgnoreCase)
            && referer.EndsWith(page.Target, StringComparison.Ordinal);
    }

    /// <summary>Notes a request that names the page and was answered.</summary>
    /// <param name="target">The path and query.</param>
    /// <param name="kind">The kind of resource; null for a kind that is never delivered.</param>
    /// <param name="mode">The CORS mode of the request.</param>
    /// <param name="mayJoin">Whether the request may add a resource that the page is not known to need.</param>
    public void Note(string target, ResourceKind? kind, CrossOriginMode mode, bool mayJoin)
    {
        var known = Traffic.Known(target);
        lock (_lock)
        {
            if (_asked is null || _asked.ContainsKey(target))
            {
                return;
            }

            _requests++;
            if (known is not null)
            {
                _asked[known] = default;
            }
            else if (mayJoin && kind is { } what && _requests <= MaxRequests && _characters + target.Length <= MaxCharacters)
            {
                _characters += target.Length;
                _asked[target] = new AskedFor(what, mode);
            }
        }
    }

    public bool HasAsked(string target)
    {
        lock (_lock)
        {
            return _asked?.ContainsKey(target) == true;
        }
    }

    public int Requests
    {
        get
        {
            lock (_lock)
            {
                return _requests;
            }
        }
    }

    /// <summary>Ends the view. Returns the requested resources that traffic may add.</summary>
    public IReadOnlyList<CriticalResource> End()
    {
        lock (_lock)
        {
            var found = new List<CriticalResource>();
            foreach (var (target, asked) in _asked ?? [])
            {
                // Only a target that a URL writes back unchanged can be promised.
                if (asked.Kind is { } kind && Uri.TryCreate($"{page.Scheme}://{page.Authority}{target}", UriKind.Absolute, out var url)
                    && url.PathAndQuery == target)
                {
                    found.Add(
                        new CriticalResource
                        {
                            Url = url,
                            Kind = kind,
                            Blocking = false,
                            FoundBy = FoundBy.Traffic,
                            CrossOrigin = asked.Mode,
                            Worth = 25,
                        });
                }
            }

            _asked = null;
            return found;
        }
    }

    /// <param name="Kind">The kind of resource; null if the page is known to need it.</param>
    /// <param name="Mode">The CORS mode of the request.</param>
    private readonly record struct AskedFor(ResourceKind? Kind, CrossOriginMode Mode);
}
