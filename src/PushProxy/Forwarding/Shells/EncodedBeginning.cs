using System.Buffers;
using PushProxy.Learning;
using PushProxy.Model;

namespace PushProxy.Forwarding.Shells;

/// <summary>The beginning of a body that has a content coding. It is decoded when the body has passed, outside the request path.</summary>
/// <param name="coding">The coding.</param>
/// <param name="maxBytes">How much of it counts, decoded. Text does not become longer by encoding it.</param>
internal sealed class EncodedBeginning(ContentCoding coding, int maxBytes)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public void Add(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes[..Math.Min(bytes.Length, maxBytes - _bytes.WrittenCount)]);

    /// <summary>Decodes it. What ends in the middle is decoded as far as it goes.</summary>
    public ReadOnlyMemory<byte> Decode() =>
        ContentDecoder.Decode(_bytes.WrittenMemory, coding, maxBytes, out _);
}
