using Microsoft.Extensions.Primitives;

namespace PushProxy.Model;

/// <summary>
/// All that has to be known of a response, besides its bytes, to learn from it. What costs something is made when it is asked
/// for: most responses turn out to be a version that is known.
/// </summary>
/// <param name="Key">Which page it is.</param>
/// <param name="Scheme">How the client asked: http or https.</param>
/// <param name="Query">The query string with its question mark; empty when there is none.</param>
/// <param name="Vary">The request headers that tell its variants apart.</param>
/// <param name="VariantKey">Which variant it is.</param>
/// <param name="Validator">ETag, else Last-Modified.</param>
/// <param name="Coding">How the body is coded.</param>
/// <param name="ContentType">The Content-Type field.</param>
internal sealed record PageDescription(
    PageKey Key, string Scheme, string Query, IReadOnlyList<string> Vary, UInt128 VariantKey, string? Validator, ContentCoding Coding,
    string ContentType)
{
    private Uri? _url;

    /// <summary>Whom the page is made for.</summary>
    public Audience Audience { get; init; }

    /// <summary>Who was sent it; of no meaning for <see cref="Audience.Everyone"/>.</summary>
    public ClientId Client { get; init; }

    /// <summary>The response's Content-Security-Policy fields.</summary>
    public StringValues SecurityPolicy { get; init; }

    /// <summary>From the request to the response's head.</summary>
    public TimeSpan ThinkTime { get; init; }

    /// <summary>Content-Length; null where it is not stated.</summary>
    public long? Length { get; init; }

    /// <summary>Its URL as the client sees it; null when target and host make none.</summary>
    public Uri? Url => _url ??= Uri.TryCreate($"{Scheme}://{Key.Authority}{Key.Path}{Query}", UriKind.Absolute, out var url) ? url : null;

    /// <summary>The charset that Content-Type names; null when it names none.</summary>
    public string? Charset => HtmlType.Charset(ContentType);
}
