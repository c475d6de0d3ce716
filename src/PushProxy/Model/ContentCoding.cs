namespace PushProxy.Model;

/// <summary>
/// The content codings that the analysis can decode (RFC 9110 §8.4). A page in any other coding reaches the client but is not learned.
/// </summary>
internal enum ContentCoding
{
    Identity,
    Gzip,
    Brotli,
    Deflate,
    Zstandard,
}
