using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>All that is known about the pages at one path, at one moment.</summary>
/// <param name="Variants">The variants that everyone gets alike.</param>
/// <param name="Shared">What the pages of audiences share.</param>
/// <param name="Told">The names that clients may be told.</param>
internal sealed record PathParts(
    IReadOnlyList<Variant> Variants, IReadOnlyList<((Audience Audience, UInt128 Variant) Key, SharedNeeds Needs)> Shared,
    IReadOnlyList<UInt128> Told);
