using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace PushProxy.Model;

/// <summary>
/// A resource by the hash of authority and request target (as a request for it carries them): 64 bits, the same in every
/// instance and after every restart.
/// </summary>
internal readonly record struct ResourceKey(ulong Value)
{
    public static ResourceKey Of(ReadOnlySpan<char> authorityAndTarget) =>
        new(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(authorityAndTarget)));
}
