using AngleSharp.Dom;

namespace PushProxy.Analysis.Rules;

/// <summary>Attributes that links and scripts share.</summary>
internal static class CommonAttributes
{
    /// <summary>The <c>crossorigin</c> attribute (HTML §2.5.4); an unknown value means anonymous.</summary>
    public static CrossOriginMode CrossOriginOf(IElement element) => element.GetAttribute("crossorigin") switch
    {
        null => CrossOriginMode.None,
        { } value when value.Equals("use-credentials", StringComparison.OrdinalIgnoreCase) => CrossOriginMode.UseCredentials,
        _ => CrossOriginMode.Anonymous,
    };

    /// <summary>The <c>fetchpriority</c> attribute; null for automatic.</summary>
    public static string? FetchPriorityOf(IElement element) => element.GetAttribute("fetchpriority")?.ToLowerInvariant() switch
    {
        "high" => "high",
        "low" => "low",
        _ => null,
    };

    /// <summary>
    /// The <c>integrity</c> attribute, reduced to what can be integrity metadata (SRI, "integrity metadata") and be written in
    /// a header: a browser ignores the rest.
    /// </summary>
    public static string? IntegrityOf(IElement element)
    {
        if (element.GetAttribute("integrity") is not { Length: > 0 and <= 1024 } value)
        {
            return null;
        }

        var metadata = Tokens(value).Where(token => token.StartsWith("sha", StringComparison.OrdinalIgnoreCase) && token.All(IsMetadata));
        return string.Join(' ', metadata) is { Length: > 0 } text ? text : null;
    }

    /// <summary>The <c>referrerpolicy</c> attribute (HTML §2.5.5); null for the page's own policy and for invalid values.</summary>
    public static string? ReferrerPolicyOf(IElement element) =>
        ReferrerPolicies.Find(element.GetAttribute("referrerpolicy"));

    /// <summary>
    /// The policy that a <c>meta name=referrer</c> states (HTML §4.2.5.1), old words included; null for other elements and invalid values.
    /// </summary>
    public static string? ReferrerPolicyOfMeta(IElement element) =>
        !"referrer".Equals(element.GetAttribute("name"), StringComparison.OrdinalIgnoreCase) ? null
        : element.GetAttribute("content")?.ToLowerInvariant() switch
        {
            "never" => "no-referrer",
            "default" => "strict-origin-when-cross-origin",
            "always" => "unsafe-url",
            "origin-when-crossorigin" => "origin-when-cross-origin",
            var value => ReferrerPolicies.Find(value),
        };

    /// <summary>Whether the element needs a nonce, which differs in every response.</summary>
    public static bool HasNonce(IElement element) => !string.IsNullOrEmpty(element.GetAttribute("nonce"));

    /// <summary>
    /// Whether <c>blocking=render</c> is asked for (HTML §2.5.8). Chromium wants it in lower case; the standard does not.
    /// </summary>
    public static bool BlocksRendering(IElement element) =>
        element.GetAttribute("blocking") is { } value && Tokens(value).Contains("render");

    /// <summary>Whether a space-separated attribute has a token, whatever its case.</summary>
    public static bool HasToken(string? value, string token) =>
        value is not null && Tokens(value).Contains(token, StringComparer.OrdinalIgnoreCase);

    private static string[] Tokens(string value) => value.Split([' ', '\t', '\n', '\f', '\r'], StringSplitOptions.RemoveEmptyEntries);

    private static bool IsMetadata(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=' or '-' or '_';
}
