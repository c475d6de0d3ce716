namespace PushProxy.Model;

/// <summary>The content codings that are understood; a page in any other passes and is not learned.</summary>
internal enum ContentCoding
{
    Identity,
    Gzip,
    Brotli,
    Deflate,
}
