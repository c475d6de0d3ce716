using PushProxy.Knowledge.Shells;
using PushProxy.Model;

namespace PushProxy.Knowledge.Saved;

/// <summary>What is kept of a shell when the program ends. It is what enough clients' pages begin with.</summary>
/// <param name="Key">Whose shell it is.</param>
/// <param name="UsedAt">When a page of it was last requested.</param>
/// <param name="Bytes">The bytes.</param>
/// <param name="Fields">The header fields, as they are sent.</param>
/// <param name="ForbidsScripts"><see cref="Model.Shell.ForbidsScripts"/>.</param>
/// <param name="CutFrom">How much the pages had in common, in bytes, before it was cut.</param>
/// <param name="Rights">How often it was right in a row, for each client.</param>
internal sealed record SavedShell(
    ShellKey Key, DateTimeOffset UsedAt, byte[] Bytes, IReadOnlyList<SavedField> Fields, bool ForbidsScripts, int CutFrom,
    IReadOnlyList<SavedRight> Rights)
{
    public string? Limit { get; init; }

    public bool IsStopped { get; init; }

    public bool ComesEncodedUnasked { get; init; }

    public SavedTiming Timing { get; init; }

    public SavedShellCounts Counts { get; init; }
}

/// <summary>How often a shell was right in a row for one client.</summary>
/// <param name="Client">The client, as a hash.</param>
/// <param name="Count">How often.</param>
internal readonly record struct SavedRight(ulong Client, int Count);

/// <inheritdoc cref="ShellCounts"/>
internal readonly record struct SavedShellCounts(
    long Right, long Wrong, long Sent, long SentWrong, long Proven, long ProvenWrong, long GainedTicks, string? LastFault);
