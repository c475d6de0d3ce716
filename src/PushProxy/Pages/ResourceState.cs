namespace PushProxy.Pages;

/// <summary>What is known of one resource that learned pages name; shared by all of them.</summary>
internal sealed class ResourceState(string key)
{
    private volatile bool _missing;

    /// <summary>Authority and request target, as a request for it will carry them.</summary>
    public string Key { get; } = key;

    /// <summary>Whether the origin's last answer was 404 or 410.</summary>
    public bool Missing
    {
        get => _missing;
        set => _missing = value;
    }

    /// <summary>How many learned pages name it. Guarded by the registry's lock.</summary>
    public int References { get; set; }

    /// <summary>The key of an absolute URL.</summary>
    public static string KeyOf(Uri url) => url.Authority + url.PathAndQuery;
}
