using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using PushProxy.Knowledge.Saved;
using PushProxy.Model;

namespace PushProxy.Knowledge.Sharing;

/// <summary>A hash of what others must know of a record: all but times and averages, which change with each answer.</summary>
internal static class Essence
{
    /// <summary>A shell is told again each time that it was right for another part of what proves it.</summary>
    private const int Parts = 16;

    public static ulong Of(SavedPath path)
    {
        var hash = new XxHash3();
        foreach (var variant in path.Variants)
        {
            Add(hash, variant.Key);
            Add(hash, variant.Needs);
            foreach (var version in variant.Versions)
            {
                Add(hash, version.ContentHash);
                hash.Append(MemoryMarshal.AsBytes(version.Validator.AsSpan()));
            }
        }

        foreach (var shared in path.Shared)
        {
            Add(hash, shared.Variant);
            Add(hash, (UInt128)(uint)shared.Audience);
            Add(hash, shared.Needs);
        }

        return hash.GetCurrentHashAsUInt64();
    }

    public static ulong Of(SavedResource resource) => XxHash3.HashToUInt64(
        JsonSerializer.SerializeToUtf8Bytes(resource with { SeenAt = default }, SavedJson.Default.SavedResource));

    /// <param name="shell">The shell.</param>
    /// <param name="after"><see cref="ShellOptions.After"/>.</param>
    public static ulong Of(SavedShell shell, int after) =>
        XxHash3.HashToUInt64(shell.Bytes) ^ (ulong)(shell.Rights.Sum(static r => r.Count) / Math.Max(1, after / Parts))
            ^ (shell.IsStopped ? 1ul << 63 : 0);

    private static void Add(XxHash3 hash, SavedNeeds needs)
    {
        foreach (var resource in needs.Resources)
        {
            Add(hash, NameKey.Of(resource));
        }

        foreach (var candidate in needs.Traffic ?? [])
        {
            hash.Append(MemoryMarshal.AsBytes(candidate.Target.AsSpan()));
            hash.Append([candidate.IsDelivered ? (byte)1 : (byte)0]);
        }

        foreach (var run in needs.Steadiness?.Names ?? [])
        {
            Add(hash, run.Name);
        }

        // From the second one on it speaks for others.
        Add(hash, (UInt128)Math.Min(2, needs.TaughtBy.Count));
    }

    private static void Add(XxHash3 hash, UInt128 value) => hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in value)));
}
