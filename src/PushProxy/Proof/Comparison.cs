using PushProxy.Model;

namespace PushProxy.Proof;

/// <summary>Compares the two arms in one measure. It may be used by several threads.</summary>
/// <param name="measure">The name of the measure.</param>
internal sealed class Comparison(string measure)
{
    /// <summary>Adds one page view.</summary>
    /// <param name="arm">The arm: <see cref="Arm.Delivered"/> or <see cref="Arm.HeldOut"/>.</param>
    /// <param name="visitor">Tells visitors apart.</param>
    /// <param name="milliseconds">What was measured.</param>
    public void Add(Arm arm, ulong visitor, double milliseconds) => throw new NotImplementedException();

    /// <summary>Returns what is known now.</summary>
    public ProofComparison Report() => new(measure, new(0, 0, null, null, []), new(0, 0, null, null, []), null, null, 0, default);
}
