using System.Diagnostics.CodeAnalysis;

namespace PushProxy.Http2;

/// <summary>The answer to a request to push.</summary>
/// <param name="Outcome"><see cref="PushOutcome.Pushed"/>, or why not.</param>
/// <param name="Push">The push, if there is one.</param>
public readonly record struct PushResult(PushOutcome Outcome, ServerPush? Push)
{
    /// <summary>Whether there is a push.</summary>
    [MemberNotNullWhen(true, nameof(Push))]
    public bool IsPushed => Push is not null;
}
