using System.Buffers;
using System.Runtime.InteropServices;

namespace PushProxy.Http2.Connections;

/// <summary>
/// Rewrites bytes of a buffer that this layer is the only reader of. The transport lends it as read-only, but nobody else
/// looks at it until it is advanced past; rewriting four bytes of it is what saves copying the rest.
/// </summary>
internal static class InPlace
{
    public static void Write(in ReadOnlySequence<byte> buffer, long at, ReadOnlySpan<byte> bytes)
    {
        var rest = buffer.Slice(at, bytes.Length);
        foreach (var segment in rest)
        {
            var target = MemoryMarshal.AsMemory(segment).Span;
            bytes[..target.Length].CopyTo(target);
            bytes = bytes[target.Length..];
        }
    }
}
