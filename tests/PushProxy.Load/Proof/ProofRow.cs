namespace PushProxy.Load.Proof;

/// <summary>One figure of both arms: medians in ms.</summary>
/// <param name="What">What was measured, and by whom.</param>
/// <param name="Delivered">With early delivery.</param>
/// <param name="DeliveredViews">Of how many views.</param>
/// <param name="HeldOut">Without.</param>
/// <param name="HeldOutViews">Of how many views.</param>
internal sealed record ProofRow(string What, double Delivered, long DeliveredViews, double HeldOut, long HeldOutViews);
