namespace PushProxy.Forwarding.Beacon;

/// <summary>A navigation whose policy has a beacon. It is found among the request's features.</summary>
/// <param name="isWanted">Whether the page is to get a tag, as far as its request says.</param>
internal sealed class BeaconView(bool isWanted)
{
    public bool IsWanted { get; } = isWanted;

    /// <summary>Whether the body that adds the tag is in place.</summary>
    public bool IsInPlace { get; set; }
}
