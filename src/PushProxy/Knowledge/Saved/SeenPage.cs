using PushProxy.Model;

namespace PushProxy.Knowledge.Saved;

/// <summary>
/// What one client was sent, as instances tell each other, so that all of them count it. It has hashes alone, because what is named may be
/// this client's own.
/// </summary>
/// <param name="Path">The path (<see cref="RecordKey"/>).</param>
/// <param name="Variant"><see cref="VariantKey"/>.</param>
/// <param name="Audience">The audience.</param>
/// <param name="Connection">The connection.</param>
/// <param name="Address">The client's address.</param>
/// <param name="Marks">What tells the client from others.</param>
/// <param name="Names">What the page says (<see cref="NameKey"/>).</param>
internal sealed record SeenPage(
    UInt128 Path, UInt128 Variant, Audience Audience, ulong Connection, ulong Address, IReadOnlyList<ulong> Marks,
    IReadOnlyList<UInt128> Names);
