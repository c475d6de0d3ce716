namespace PushProxy.Cache.Encodings;

/// <summary>One content coding (RFC 9110 §8.4.1). What carries it out may be replaced, for example by the runtime's own zstd.</summary>
public interface IContentEncoder
{
    /// <summary>The name of the coding, as in <c>Content-Encoding</c>.</summary>
    string Name { get; }

    /// <summary>Returns a stream that encodes quickly what is written to it. It can be flushed, and leaves the destination open.</summary>
    /// <param name="destination">Where the encoded bytes go.</param>
    Stream Quick(Stream destination);

    /// <summary>Encodes a whole body as small as the coding can make it in some seconds for some megabytes.</summary>
    /// <param name="body">The body.</param>
    /// <returns>The encoded body.</returns>
    byte[] Best(ReadOnlyMemory<byte> body);
}
