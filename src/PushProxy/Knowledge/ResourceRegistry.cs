using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using PushProxy.Knowledge.Saved;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// Holds the resources that learned pages name, and some that pages about to be learned name. A resource is kept as long as a learned page
/// names it. So the limits on pages also limit the registry, and no client request can add to it.
/// </summary>
internal sealed class ResourceRegistry
{
    /// <summary>The maximum length of a key that is built on the stack. A longer key is looked up by a new string.</summary>
    private const int MaxKeyOnStack = 256;

    private readonly ConcurrentDictionary<string, ResourceState> _resources = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ResourceState>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Lock _lock = new();
    private readonly ExpectedResources _expected = new();
    private readonly TimeProvider _time;
    private readonly KeptRecords? _kept;
    private int _excluded;
    private int _version;
    private int _changes;

    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="kept">What was kept when the program ended last; null if nothing is kept.</param>
    public ResourceRegistry(TimeProvider? time = null, KeptRecords? kept = null)
    {
        _kept = kept;
        _time = time ?? TimeProvider.System;
        _lookup = _resources.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Called when answers have said something new of a resource.</summary>
    public event Action<ResourceState>? Noted;

    /// <summary>A number that changes whenever existing plans become out of date.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>
    /// How many times a stylesheet was seen with other content. After that, what pages were found to need through the stylesheet may be
    /// wrong.
    /// </summary>
    public int Changes => Volatile.Read(ref _changes);

    public int Count => _resources.Count;

    /// <summary>
    /// Returns why a resource must not be delivered, judged by its last answer; <see cref="ResourceSkip.None"/> if it may be delivered.
    /// </summary>
    public ResourceSkip WhyExcluded(Uri url) =>
        Volatile.Read(ref _excluded) > 0 && _resources.TryGetValue(ResourceState.KeyOf(url), out var state)
            ? state.Excluded : ResourceSkip.None;

    /// <summary>Returns what is known about a resource; null if no known page names it.</summary>
    public ResourceState? Find(Uri url) => Find(ResourceState.KeyOf(url));

    /// <param name="key"><see cref="ResourceState.Key"/>.</param>
    public ResourceState? Find(string key) => _resources.GetValueOrDefault(key);

    /// <summary>Looks up the resource that a request is for, without allocating memory.</summary>
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

    /// <summary>Notes that one more learned page names the resource.</summary>
    public void Acquire(Uri url)
    {
        lock (_lock)
        {
            var key = ResourceState.KeyOf(url);
            if (!_resources.TryGetValue(key, out var state))
            {
                state = _kept?.TakeResource(key) is { } saved ? ResourceState.Restore(saved) : new ResourceState(key);
                _excluded += state.Excluded == ResourceSkip.None ? 0 : 1;
                _resources[key] = state;
            }

            state.References++;
        }
    }

    /// <summary>
    /// Notes that a page names the resource before the page is learned. What the resource's answers say counts from now on, and is
    /// available when the page is learned. When there are too many such resources, the oldest is forgotten unless a learned page names it
    /// by then.
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
            Find(url)!.IsExpected = true;
            if (_expected.Push(url) is { } oldest)
            {
                Find(oldest)!.IsExpected = false;
                Release(oldest);
            }
        }
    }

    /// <summary>
    /// Returns whether a learned page that may be disclosed to other clients names the resource. A page that has only just passed does not
    /// count.
    /// </summary>
    public bool IsNamed(Uri url)
    {
        lock (_lock)
        {
            return Find(url) is { } state && state.References > (state.IsExpected ? 1 : 0);
        }
    }

    /// <summary>Notes that one learned page fewer names the resource. The last one removes it.</summary>
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

    /// <summary>Notes the version of an answer.</summary>
    /// <param name="state">The resource.</param>
    /// <param name="version">The version in the answer.</param>
    /// <param name="namesOthers">Whether the resource is a stylesheet, which names further resources.</param>
    /// <returns>
    /// True if it is a version of a stylesheet that was not seen before. Then only the content tells whether pages are affected: the caller
    /// calls <see cref="Passed"/> when it has passed.
    /// </returns>
    public bool Observe(ResourceState state, ResourceVersionState version, bool namesOthers)
    {
        if (state.Version != version)
        {
            state.Version = version;
            Note(state);
        }

        if (!namesOthers)
        {
            return false;
        }

        var contents = state.CompareContents();
        if (!contents.Knows(version.Version))
        {
            return true;
        }

        ChangedIf(contents.Passed(version.Version, _time.GetUtcNow()), state);
        return false;
    }

    /// <summary>Notes the content of a stylesheet's version that was not seen before.</summary>
    /// <param name="state">The stylesheet.</param>
    /// <param name="version">The version.</param>
    /// <param name="body">The hash of the body as it passed; null if no body belongs to the answer.</param>
    /// <param name="isCoded">Whether the body had a content coding.</param>
    public void Passed(ResourceState state, ResourceVersion version, UInt128? body, bool isCoded) =>
        ChangedIf(state.CompareContents().Passed(version, body, isCoded, _time.GetUtcNow()), state);

    /// <summary>
    /// Forgets the versions of what was purged, and that it was missing. What kind of thing it is stays, so that the next promise asks the
    /// origin. Pages are read again for what a purged stylesheet names.
    /// </summary>
    /// <returns>The keys of the resources that were purged.</returns>
    public HashSet<string> Forget(PurgedUrls purged)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var state in _resources.Values.Where(s => purged.Cover(s.Key)))
        {
            if (state.Excluded == ResourceSkip.Missing)
            {
                Exclude(state, ResourceSkip.None);
            }

            ChangedIf(state.Forget(), state);
            keys.Add(state.Key);
        }

        PlansChanged();
        return keys;
    }

    /// <summary>Notes that existing plans are out of date.</summary>
    public void PlansChanged() => Interlocked.Increment(ref _version);

    /// <summary>Notes what an answer said. Existing plans become out of date if it changes what may be told.</summary>
    public void Answered(ResourceState state, AnswerFacts answer)
    {
        var before = state.Answer;
        if (before == answer)
        {
            return;
        }

        state.Answer = answer;
        Note(state);
        if (answer.ChangesPlans(before))
        {
            PlansChanged();
        }
    }

    /// <summary>Notes the size of an answer that did not state it.</summary>
    public void Sized(ResourceState state, long bytes)
    {
        if (state.Answer is { } answer && answer.Size != bytes)
        {
            Answered(state, answer with { Size = bytes });
        }
    }

    /// <summary>Takes over what another instance has read of a stylesheet. Pages are read again if it is not what was read here.</summary>
    public void Take(ResourceState state, SheetContents contents) => ChangedIf(!state.Take(contents), state);

    private void ChangedIf(bool isChanged, ResourceState state)
    {
        if (isChanged)
        {
            state.ChangedAt = Interlocked.Increment(ref _changes);
            Note(state);
        }
    }

    private void Note(ResourceState state)
    {
        state.SeenAt = _time.GetUtcNow();
        Noted?.Invoke(state);
    }

    /// <summary>
    /// Uses an answer as evidence. A resource that is missing or private is no longer delivered. Another answer makes it available again.
    /// </summary>
    /// <param name="state">The resource.</param>
    /// <param name="reason">Why the resource must not be delivered; <see cref="ResourceSkip.None"/> if it may be delivered.</param>
    /// <returns>True if this changed the state of the resource.</returns>
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
            PlansChanged();
            Note(state);
            return true;
        }
    }
}
