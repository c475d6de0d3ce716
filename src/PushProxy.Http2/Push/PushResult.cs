using System.Diagnostics.CodeAnalysis;

namespace PushProxy.Http2;

/// <summary>The result of <see cref="IServerPushFeature.TryPush"/>.</summary>
/// <param name="Outcome"><see cref="PushOutcome.Pushed"/>, or why not.</param>
/// <param name="Push">The push; null if it was not accepted.</param>
public readonly record struct PushResult(PushOutcome Outcome, ServerPush? Push)
{
    /// <summary>Whether the push was accepted.</summary>
    [MemberNotNullWhen(true, nameof(Push))]
    public bool IsPushed => Push is not null;
}
