using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// The resources that learned pages name, and some of pages about to be learned. One lives as long as a learned page names it, so the
/// registry is bounded by what bounds the pages: nothing a client asks for can add to it.
/// </summary>
internal sealed class ResourceRegistry
{
    /// <summary>Longer keys are looked up by a string of their own.</summary>
    private const int MaxKeyOnStack = 256;

    /// <summary>Resources remembered of pages that are not learned yet.</summary>
    private const int MaxExpected = 1024;

    private readonly ConcurrentDictionary<string, ResourceState> _resources = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ResourceState>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Lock _lock = new();
    private readonly Queue<Uri> _expected = new();
    private int _excluded;
    private int _version;
    private int _changes;

    public ResourceRegistry() => _lookup = _resources.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Changes with every change that makes a plan out of date.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>
    /// How often a stylesheet was seen in a new version: what pages were found to need through it may be wrong from then on.
    /// </summary>
    public int Changes => Volatile.Read(ref _changes);

    public int Count => _resources.Count;

    /// <summary>Why a resource must not be delivered, after its last answer; <see cref="ResourceSkip.None"/> when it may.</summary>
    public ResourceSkip WhyExcluded(Uri url) =>
        Volatile.Read(ref _excluded) > 0 && _resources.TryGetValue(ResourceState.KeyOf(url), out var state)
            ? state.Excluded : ResourceSkip.None;

    /// <summary>What is known of a resource; null when no known page names it.</summary>
    public ResourceState? Find(Uri url) => _resources.GetValueOrDefault(ResourceState.KeyOf(url));

    /// <summary>Looks up what a request asks for, without an allocation.</summary>
    public bool TryFind(string authority, string target, [NotNullWhen(true)] out ResourceState? state)
    {
        state = null;
        if (_resources.IsEmpty)
        {
            return false;
        }

        var length = authority.Length + target.Length;
        if (length > MaxKeyOnStack)
        {
            return _resources.TryGetValue(authority + target, out state);
        }

        Span<char> key = stackalloc char[length];
        authority.CopyTo(key);
        target.CopyTo(key[authority.Length..]);
        return _lookup.TryGetValue(key, out state);
    }

    /// <summary>One more learned page names it.</summary>
    public void Acquire(Uri url)
    {
        lock (_lock)
        {
            _resources.GetOrAdd(ResourceState.KeyOf(url), static k => new ResourceState(k)).References++;
        }
    }

    /// <summary>
    /// A page that is not learned yet names it: what its answers say counts already, and is there when the page is learned. The
    /// oldest of so many is forgotten, if no learned page names it by then.
    /// </summary>
    public void Expect(Uri url)
    {
        if (_resources.ContainsKey(ResourceState.KeyOf(url)))
        {
            return;
        }

        lock (_lock)
        {
            Acquire(url);
            SetExpected(url, true);
            _expected.Enqueue(url);
            if (_expected.Count > MaxExpected)
            {
                var oldest = _expected.Dequeue();
                SetExpected(oldest, false);
                Release(oldest);
            }
        }
    }

    /// <summary>Whether a learned page names it, of which others may be told; not only one that has just passed.</summary>
    public bool IsNamed(Uri url)
    {
        lock (_lock)
        {
            return Find(url) is { } state && state.References > (state.IsExpected ? 1 : 0);
        }
    }

    private void SetExpected(Uri url, bool expected)
    {
        if (Find(url) is { } state)
        {
            state.IsExpected = expected;
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
            if (state.Excluded != ResourceSkip.None)
            {
                _excluded--;
            }
        }
    }

    /// <summary>An answer came in a version.</summary>
    /// <param name="state">The resource.</param>
    /// <param name="version">Its version now.</param>
    /// <param name="namesOthers">Whether it is one that names further resources: a stylesheet.</param>
    public void Observe(ResourceState state, ResourceVersionState version, bool namesOthers)
    {
        var before = state.Version;
        if (before == version)
        {
            return;
        }

        state.Version = version;
        if (namesOthers && before is not null && before.Version != version.Version)
        {
            state.ChangedAt = Interlocked.Increment(ref _changes);
        }
    }

    /// <summary>
    /// Takes an answer as evidence: what is gone or not for everybody is delivered no more, an answer that is neither brings it back.
    /// </summary>
    /// <param name="state">The resource.</param>
    /// <param name="reason">What stands against delivering it; <see cref="ResourceSkip.None"/> when nothing does.</param>
    /// <returns>Whether that changed anything.</returns>
    public bool Exclude(ResourceState state, ResourceSkip reason)
    {
        if (state.Excluded == reason)
        {
            return false;
        }

        lock (_lock)
        {
            if (state.References == 0 || state.Excluded == reason)
            {
                return false;
            }

            _excluded += (reason == ResourceSkip.None ? 0 : 1) - (state.Excluded == ResourceSkip.None ? 0 : 1);
            state.Excluded = reason;
            _version++;
            return true;
        }
    }
}
