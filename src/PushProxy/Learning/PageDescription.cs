using PushProxy.Pages;

namespace PushProxy.Learning;

/// <summary>All that has to be known of a response, besides its bytes, to learn from it.</summary>
/// <param name="Key">Which page it is.</param>
/// <param name="Url">Its URL as the client sees it.</param>
/// <param name="Vary">The request headers that tell its variants apart.</param>
/// <param name="VariantKey">Which variant it is.</param>
/// <param name="Validator">ETag, else Last-Modified.</param>
/// <param name="Coding">How the body is coded.</param>
/// <param name="Charset">The charset that Content-Type names; null when it names none.</param>
internal sealed record PageDescription(
    PageKey Key, Uri Url, IReadOnlyList<string> Vary, UInt128 VariantKey, string? Validator, ContentCoding Coding, string? Charset);
