using PushProxy.EndToEnd.Early;

namespace PushProxy.EndToEnd.Proof;

/// <summary>A site half of whose visitors are held out. Those of the machine itself never are.</summary>
public sealed class HalfHeldOutSite() : EarlySite("--PushProxy:Defaults:HoldOut=50");
