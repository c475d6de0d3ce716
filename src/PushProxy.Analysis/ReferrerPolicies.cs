using System.Collections.Frozen;

namespace PushProxy.Analysis;

/// <summary>The referrer policies there are (Referrer Policy §3).</summary>
public static class ReferrerPolicies
{
    private static readonly FrozenSet<string> All = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin", "origin-when-cross-origin",
        "strict-origin-when-cross-origin", "unsafe-url");

    /// <summary>Returns a policy in lower case.</summary>
    /// <param name="word">A word of an attribute or a header field; its case does not matter.</param>
    /// <returns>Null if the word is no policy.</returns>
    public static string? Find(string? word) => word is not null && All.TryGetValue(word, out var policy) ? policy : null;
}
