using PushProxy.EndToEnd.Early;
using PushProxy.Testing;

namespace PushProxy.EndToEnd.ClientCache;

/// <summary>
/// The program in front of a site of its own. Its log says when something has become known of a client's cache, so that a test
/// can wait for that: it is noted when the last byte has left, which the client may notice a moment before.
/// </summary>
public class CacheSite : EarlySite
{
    /// <summary>With the settings as they are delivered.</summary>
    public CacheSite()
        : this([])
    {
    }

    /// <summary>With some settings.</summary>
    protected CacheSite(params string[] options)
        : base(["--Logging:LogLevel:PushProxy=Debug", .. options])
    {
    }

    /// <summary>How often something has become known of a client that has a resource.</summary>
    /// <param name="path">Which.</param>
    /// <param name="evidence">How it is known: <c>ServedOnConnection</c>, <c>PushedOnConnection</c>, …</param>
    public int CountKnown(string path, string evidence) => Proxy.LinesWith($"{path}: {evidence}").Count();

    /// <summary>Waits until it has become known so often.</summary>
    public Task UntilKnownAsync(string path, string evidence, int times = 1) => Eventually.TrueAsync(
        () => CountKnown(path, evidence) >= times, () => $"{path} never became known as {evidence} for the {times}. time.\n{Proxy.Log}");
}

/// <summary>The same, some way off: for browsers that are to act on a 103.</summary>
public sealed class DistantCacheSite : CacheSite
{
    /// <inheritdoc/>
    protected override bool IsDistant => true;
}
