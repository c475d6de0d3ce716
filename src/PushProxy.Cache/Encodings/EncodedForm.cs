namespace PushProxy.Cache.Encodings;

/// <summary>A body in a content coding.</summary>
/// <param name="Coding">The coding, as in <c>Content-Encoding</c>.</param>
/// <param name="Bytes">The encoded body.</param>
internal sealed record EncodedForm(string Coding, byte[] Bytes);
