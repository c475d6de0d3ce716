namespace PushProxy.Analysis;

/// <summary>What the header fields of a page's response say of its resources.</summary>
public sealed record ResponseFields
{
    /// <summary>Nothing.</summary>
    public static ResponseFields None { get; } = new();

    /// <summary>Whether a Content-Security-Policy has <c>upgrade-insecure-requests</c>.</summary>
    public bool UpgradesInsecure { get; init; }

    /// <summary>
    /// Values of <c>Link</c> (RFC 8288), of the response and of a 103 before it (RFC 8297). Preload links among them count as the page's
    /// own. An analysis of the head alone does not look at them.
    /// </summary>
    public IReadOnlyList<string> Links { get; init; } = [];
}
