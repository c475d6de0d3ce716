using PushProxy.Knowledge.Saved;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>What is known about one resource. All learned pages that name the resource share it.</summary>
internal sealed class ResourceState(string key)
{
    private volatile ResourceSkip _excluded;
    private volatile AnswerFacts? _answer;
    private volatile ResourceVersionState? _version;
    private SheetContents? _contents;
    private long _savedBytes;
    private long _wastedBytes;

    /// <summary>The authority and the request target, as a request for the resource carries them.</summary>
    public string Key { get; } = key;

    /// <summary>
    /// Why the resource must not be delivered, judged by the origin's last answer: <see cref="ResourceSkip.Missing"/> or
    /// <see cref="ResourceSkip.PrivateResource"/>; <see cref="ResourceSkip.None"/> if it may be delivered.
    /// </summary>
    public ResourceSkip Excluded
    {
        get => _excluded;
        set => _excluded = value;
    }

    /// <summary>What the origin's answers said; null as long as none was seen.</summary>
    public AnswerFacts? Answer
    {
        get => _answer;
        set => _answer = value;
    }

    /// <summary>The bytes of content in the last answer, with its content coding; -1 as long as no answer told.</summary>
    public int Size => (int)Math.Min(_answer?.Size ?? -1, int.MaxValue);

    /// <summary>
    /// Whether the origin has to be asked before clients can be told: no answer to a request without credentials was seen, or none told its
    /// size.
    /// </summary>
    public bool NeedsAnswer => _excluded == ResourceSkip.None && _answer is not { CameWithoutCredentials: true, Size: >= 0 };

    /// <summary>When answers have last said something new.</summary>
    public DateTimeOffset SeenAt { get; set; }

    /// <summary>The key of the resource in a client's cache.</summary>
    public ResourceKey CacheKey { get; } = ResourceKey.Of(key);

    /// <summary>The origin's version according to its last answer; null as long as no answer names a version.</summary>
    public ResourceVersionState? Version
    {
        get => _version;
        set => _version = value;
    }

    /// <summary>Which versions of a stylesheet have the same content; null for all other resources.</summary>
    public SheetContents? Contents => Volatile.Read(ref _contents);

    /// <summary>
    /// When what the stylesheet contains last changed, as counted by <see cref="ResourceRegistry.Changes"/>; 0 if it never changed.
    /// </summary>
    public int ChangedAt { get; set; }

    /// <summary>The bytes that were not sent because a client already had them.</summary>
    public long SavedBytes => Volatile.Read(ref _savedBytes);

    /// <summary>The bytes that were pushed for nothing: the client reset the push or requested the resource anyway.</summary>
    public long WastedBytes => Volatile.Read(ref _wastedBytes);

    public void Saved(long bytes) => Interlocked.Add(ref _savedBytes, bytes);

    public void Wasted(long bytes) => Interlocked.Add(ref _wastedBytes, bytes);

    /// <summary>Returns what is to be kept.</summary>
    /// <param name="options">Say how many clients must have been sent the same.</param>
    public SavedResource Save(LearningOptions options) => new(Key, Excluded)
    {
        Answer = Answer is { } answer ? SavedAnswer.Of(answer, options) : null,
        Version = SavedFreshness.Of(Version),
        Contents = Contents?.Save(),
        SeenAt = SeenAt,
        SavedBytes = SavedBytes,
        WastedBytes = WastedBytes,
    };

    /// <summary>Returns what was kept.</summary>
    public static ResourceState Restore(SavedResource saved) => new(saved.Key)
    {
        Excluded = saved.Excluded,
        Answer = saved.Answer?.ToFacts(),
        SeenAt = saved.SeenAt,
        Version = saved.Version?.ToState(),
        _contents = saved.Contents is { } contents ? SheetContents.Restore(contents) : null,
        _savedBytes = saved.SavedBytes,
        _wastedBytes = saved.WastedBytes,
    };

    /// <summary>Forgets the version, and for whom it was the same. Returns whether the resource is a stylesheet.</summary>
    public bool Forget()
    {
        Version = null;
        Answer = Answer is { } answer ? answer.WithoutClients() with { IgnoresConditions = false } : null;
        return Contents is not null;
    }

    /// <summary>Takes over which versions of a stylesheet have the same content.</summary>
    /// <returns>Whether what pages were last read with is the same, or not known.</returns>
    public bool Take(SheetContents contents)
    {
        var before = Interlocked.Exchange(ref _contents, contents);
        return before?.Current is null || before.Current == contents.Current;
    }

    /// <summary>Starts to compare the contents of a stylesheet's versions, unless that has begun.</summary>
    public SheetContents CompareContents() =>
        Contents ?? (Interlocked.CompareExchange(ref _contents, new SheetContents(), null) ?? _contents);

    /// <summary>Whether one of the references belongs to a page that is not learned yet. Guarded by the registry's lock.</summary>
    public bool IsExpected { get; set; }

    /// <summary>How many learned pages name the resource. Guarded by the registry's lock.</summary>
    public int References { get; set; }

    /// <summary>Returns the key for an absolute URL.</summary>
    public static string KeyOf(Uri url) => url.Authority + url.PathAndQuery;
}
