using PushProxy.EndToEnd.Early;

namespace PushProxy.EndToEnd.Store;

/// <summary>A site before which the program keeps assets, as delivered. It is as far away as browsers need it to act on a 103.</summary>
public sealed class StoringSite() : EarlySite("--PushProxy:Defaults:Cache=assets", "--PushProxy:Defaults:Compression=true")
{
    /// <inheritdoc/>
    protected override bool IsDistant => true;

    /// <summary>How often the origin was asked for a path, by visitors and by the program.</summary>
    public int Asked(string path) => Origin.RequestsFor(path).Count + Origin.ReadingsOf(path).Count;
}
