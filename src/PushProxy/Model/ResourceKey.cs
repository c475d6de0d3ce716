using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace PushProxy.Model;

/// <summary>
/// Identifies a resource by a 64-bit hash of authority and request target, as a request for it carries them. The hash is the same in every
/// instance and after every restart.
/// </summary>
internal readonly record struct ResourceKey(ulong Value)
{
    public static ResourceKey Of(ReadOnlySpan<char> authorityAndTarget) =>
        new(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(authorityAndTarget)));
}
