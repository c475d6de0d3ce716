using System.Collections.Concurrent;

namespace PushProxy.Pages;

/// <summary>
/// The resources that learned pages name. One lives as long as a learned page names it, so the registry is bounded by
/// what bounds the pages: nothing a client asks for can add to it.
/// </summary>
internal sealed class ResourceRegistry
{
    private readonly ConcurrentDictionary<string, ResourceState> _resources = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private int _missing;
    private int _version;

    /// <summary>Changes with every change that makes a plan out of date.</summary>
    public int Version => Volatile.Read(ref _version);

    public int Count => _resources.Count;

    /// <summary>Whether a resource's last answer was 404 or 410.</summary>
    public bool IsMissing(Uri url) =>
        Volatile.Read(ref _missing) > 0 && _resources.TryGetValue(ResourceState.KeyOf(url), out var state) && state.Missing;

    /// <summary>One more learned page names it.</summary>
    public void Acquire(Uri url)
    {
        lock (_lock)
        {
            _resources.GetOrAdd(ResourceState.KeyOf(url), static k => new ResourceState(k)).References++;
        }
    }

    /// <summary>One learned page less names it; with the last it is forgotten.</summary>
    public void Release(Uri url)
    {
        lock (_lock)
        {
            if (!_resources.TryGetValue(ResourceState.KeyOf(url), out var state) || --state.References > 0)
            {
                return;
            }

            _resources.TryRemove(state.Key, out _);
            if (state.Missing)
            {
                _missing--;
            }
        }
    }

    /// <summary>Whether an answer could be evidence at all: asked for every one, so that most need no look at what was asked for.</summary>
    public bool IsEvidence(int statusCode) => statusCode is 404 or 410 || (Volatile.Read(ref _missing) > 0 && statusCode is (200 or 304));

    /// <summary>
    /// Takes an answer to a GET as evidence: 404 and 410 end every hint for the resource, a later success brings it back.
    /// </summary>
    /// <returns>Whether that changed anything.</returns>
    public bool Observe(string authority, string target, int statusCode)
    {
        if (!IsEvidence(statusCode))
        {
            return false;
        }

        var gone = statusCode is 404 or 410;
        if (!_resources.TryGetValue(authority + target, out var state) || state.Missing == gone)
        {
            return false;
        }

        lock (_lock)
        {
            if (state.References == 0 || state.Missing == gone)
            {
                return false;
            }

            state.Missing = gone;
            _missing += gone ? 1 : -1;
            _version++;
            return true;
        }
    }
}
