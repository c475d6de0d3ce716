using Microsoft.Extensions.Primitives;

namespace PushProxy.Model;

/// <summary>Reads the field <c>Referrer-Policy</c>.</summary>
internal static class ReferrerPolicy
{
    private static readonly string[] Policies =
    [
        "no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin", "origin-when-cross-origin",
        "strict-origin-when-cross-origin", "unsafe-url",
    ];

    /// <summary>
    /// Returns the policy that a response states: the last one that is known (Referrer Policy §8.1); null if it states none.
    /// </summary>
    public static string? Of(StringValues lines)
    {
        string? policy = null;
        foreach (var line in lines)
        {
            foreach (var word in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                policy = Array.Find(Policies, known => known.Equals(word, StringComparison.OrdinalIgnoreCase)) ?? policy;
            }
        }

        return policy;
    }
}
