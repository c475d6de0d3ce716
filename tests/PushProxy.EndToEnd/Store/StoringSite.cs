using PushProxy.EndToEnd.Early;

namespace PushProxy.EndToEnd.Store;

/// <summary>A site before which the program keeps assets, as delivered.</summary>
/// <param name="options">Further settings.</param>
public abstract class AnyStoringSite(params string[] options)
    : EarlySite(["--PushProxy:Defaults:Cache=assets", "--PushProxy:Defaults:Compression=true", .. options])
{
    /// <summary>How often the origin was asked for a path, by visitors and by the program.</summary>
    public int Asked(string path) => Origin.RequestsFor(path).Count + Origin.ReadingsOf(path).Count;
}

/// <summary>Such a site with no other settings.</summary>
public sealed class NearStoringSite : AnyStoringSite;

/// <summary>The same, but as far away as browsers need it to act on a 103.</summary>
public sealed class StoringSite : AnyStoringSite
{
    /// <inheritdoc/>
    protected override bool IsDistant => true;
}

/// <summary>The same, but nearly nothing may be pushed with a page.</summary>
public sealed class TightStoringSite() : AnyStoringSite("--PushProxy:Defaults:MaxPushBytes=65536");
