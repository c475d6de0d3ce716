namespace PushProxy.Pages;

/// <summary>What is known of one resource that learned pages name; shared by all of them.</summary>
internal sealed class ResourceState(string key)
{
    private volatile SkipReason _excluded;
    private int _size = -1;

    /// <summary>Authority and request target, as a request for it will carry them.</summary>
    public string Key { get; } = key;

    /// <summary>
    /// Why it must not be delivered: <see cref="SkipReason.Missing"/> or <see cref="SkipReason.PrivateResource"/>, after the origin's last
    /// answer; otherwise <see cref="SkipReason.None"/>.
    /// </summary>
    public SkipReason Excluded
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

    /// <summary>How many learned pages name it. Guarded by the registry's lock.</summary>
    public int References { get; set; }

    /// <summary>The key of an absolute URL.</summary>
    public static string KeyOf(Uri url) => url.Authority + url.PathAndQuery;
}
