using PushProxy.Analysis;
using PushProxy.Model;

namespace PushProxy.Knowledge.Traffic;

/// <summary>
/// One view of a page by a client that has nothing of it, watched for a few seconds. Safe for use by several requests at once.
/// </summary>
/// <param name="traffic">The page.</param>
/// <param name="key">Which page it is.</param>
/// <param name="path">Its entry.</param>
/// <param name="viewer">Whose view it is.</param>
/// <param name="page">Scheme, authority, and path with query.</param>
/// <param name="startedAt">When it was asked for.</param>
/// <param name="verdict">The number of the page's verdict at that time.</param>
/// <param name="heldOut">Path and query of what is not delivered this once; null for most.</param>
internal sealed class TrafficView(
    PageTraffic traffic, PageKey key, LearnedPath path, IViewer viewer, (string Scheme, string Authority, string Target) page,
    DateTimeOffset startedAt, int verdict, string? heldOut)
{
    /// <summary>What is asked for later is hardly for the first screen.</summary>
    public const int MaxRequests = 16;

    /// <summary>The most characters of targets that are kept of what the page is not known to need.</summary>
    private const int MaxCharacters = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, AskedFor> _asked = new(StringComparer.Ordinal);
    private int _requests;
    private int _characters;

    public PageTraffic Traffic { get; } = traffic;

    public PageKey Key { get; } = key;

    public LearnedPath Path { get; } = path;

    public IViewer Viewer { get; } = viewer;

    public DateTimeOffset StartedAt { get; } = startedAt;

    public int Verdict { get; } = verdict;

    public string? HeldOut { get; } = heldOut;

    /// <summary>Whether the answer was the very page, as everyone gets it: only then the view counts.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>
    /// Whether a request's Referer names the page (Referrer Policy §3: within an origin, the whole URL). Schemes differ behind a TLS
    /// terminator.
    /// </summary>
    public bool IsNamedBy(ReadOnlySpan<char> referer)
    {
        var colon = referer.IndexOf("://", StringComparison.Ordinal);
        return colon > 0 && referer.Length == colon + 3 + page.Authority.Length + page.Target.Length
            && referer[(colon + 3)..].StartsWith(page.Authority, StringComparison.OrdinalIgnoreCase)
            && referer.EndsWith(page.Target, StringComparison.Ordinal);
    }

    /// <summary>A request that names the page was answered.</summary>
    /// <param name="target">Path and query.</param>
    /// <param name="kind">What it asks for; null for what is never delivered.</param>
    /// <param name="mode">How.</param>
    /// <param name="mayJoin">Whether it may speak for a resource that the page is not known to need.</param>
    public void Note(string target, ResourceKind? kind, CrossOriginMode mode, bool mayJoin)
    {
        var known = Traffic.Known(target);
        lock (_lock)
        {
            if (_asked.ContainsKey(target))
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
            return _asked.ContainsKey(target);
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

    /// <summary>Ends it. Returns what was asked for that could join.</summary>
    public IReadOnlyList<CriticalResource> End()
    {
        lock (_lock)
        {
            var found = new List<CriticalResource>();
            foreach (var (target, asked) in _asked)
            {
                // Only what goes on the wire just as it came.
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

            _asked.Clear();
            _characters = MaxCharacters;
            return found;
        }
    }

    /// <param name="Kind">What it is; null for what the page is known to need.</param>
    /// <param name="Mode">How it was asked for.</param>
    private readonly record struct AskedFor(ResourceKind? Kind, CrossOriginMode Mode);
}
