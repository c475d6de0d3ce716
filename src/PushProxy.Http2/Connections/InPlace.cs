using System.Buffers;
using System.Runtime.InteropServices;

namespace PushProxy.Http2.Connections;

/// <summary>
/// Rewrites bytes of a buffer that only this layer reads. The transport lends it as read-only, but does not look at it until the
/// reader advances past it. Rewriting four bytes in place saves copying the rest.
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
