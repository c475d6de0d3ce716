using System.IO.Hashing;
using System.Runtime.InteropServices;
using PushProxy.Knowledge.Shells;
using PushProxy.Model;

namespace PushProxy.Knowledge.Saved;

/// <summary>Identifies a record by a hash of what it is about. The hash is the same in every instance and after every restart.</summary>
internal static class RecordKey
{
    public static UInt128 Of(PageKey key) => Hash([key.Route, key.Authority, key.Path]);

    /// <param name="resource"><see cref="ResourceState.Key"/>.</param>
    public static UInt128 Of(string resource) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(resource.AsSpan()));

    public static UInt128 Of(ShellKey key) => Hash(
        [key.Scope.ToString(), key.Route, key.Authority, key.Path, key.Query.ToString(), key.IsMember ? "1" : "0", key.Variant.ToString()]);

    // With their lengths, so that no two lists are written alike.
    private static UInt128 Hash(ReadOnlySpan<string> parts)
    {
        var hash = new XxHash128();
        foreach (var part in parts)
        {
            var length = part.Length;
            hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in length)));
            hash.Append(MemoryMarshal.AsBytes(part.AsSpan()));
        }

        return hash.GetCurrentHashAsUInt128();
    }
}
