using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>What is known of one resource that learned pages name; shared by all of them.</summary>
internal sealed class ResourceState(string key)
{
    private volatile ResourceSkip _excluded;
    private int _size = -1;
    private volatile ResourceVersionState? _version;
    private long _savedBytes;
    private long _wastedBytes;

    /// <summary>Authority and request target, as a request for it will carry them.</summary>
    public string Key { get; } = key;

    /// <summary>
    /// Why it must not be delivered: <see cref="ResourceSkip.Missing"/> or <see cref="ResourceSkip.PrivateResource"/>, after the origin's
    /// last answer; otherwise <see cref="ResourceSkip.None"/>.
    /// </summary>
    public ResourceSkip Excluded
    {
        get => _excluded;
        set => _excluded = value;
    }

    /// <summary>Bytes of content of the last answer, as coded; -1 as long as none was seen.</summary>
    public int Size
    {
        get => Volatile.Read(ref _size);
        set => Volatile.Write(ref _size, value);
    }

    /// <summary>The same for the client's cache.</summary>
    public ResourceKey CacheKey { get; } = ResourceKey.Of(key);

    /// <summary>The version the origin has, as its last answer says; null as long as that says none.</summary>
    public ResourceVersionState? Version
    {
        get => _version;
        set => _version = value;
    }

    /// <summary>When its version last changed, as the registry counts (<see cref="ResourceRegistry.Changes"/>); 0 for never.</summary>
    public int ChangedAt { get; set; }

    /// <summary>Bytes that were not sent because a client had them.</summary>
    public long SavedBytes => Volatile.Read(ref _savedBytes);

    /// <summary>Bytes that were pushed for nothing: the client reset the push, or asked for the resource all the same.</summary>
    public long WastedBytes => Volatile.Read(ref _wastedBytes);

    public void Saved(long bytes) => Interlocked.Add(ref _savedBytes, bytes);

    public void Wasted(long bytes) => Interlocked.Add(ref _wastedBytes, bytes);

    /// <summary>Whether one of its references is for a page that is not learned yet. Guarded by the registry's lock.</summary>
    public bool IsExpected { get; set; }

    /// <summary>How many learned pages name it. Guarded by the registry's lock.</summary>
    public int References { get; set; }

    /// <summary>The key of an absolute URL.</summary>
    public static string KeyOf(Uri url) => url.Authority + url.PathAndQuery;
}
