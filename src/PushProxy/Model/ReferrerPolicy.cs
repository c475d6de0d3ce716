using Microsoft.Extensions.Primitives;
using PushProxy.Analysis;

namespace PushProxy.Model;

/// <summary>Reads the field <c>Referrer-Policy</c>.</summary>
internal static class ReferrerPolicy
{
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
                policy = ReferrerPolicies.Find(word) ?? policy;
            }
        }

        return policy;
    }
}
