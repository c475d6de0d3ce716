using Microsoft.AspNetCore.Http;

namespace PushProxy.Client;

/// <summary>Whether a proxy or gateway stands between browser and us: its connections carry requests of many clients.</summary>
internal static class Intermediary
{
    /// <summary>
    /// Told by the fields that they add (RFC 9110 §7.6.3, RFC 8586, RFC 7239). A client can add them, too: nothing of its connection is
    /// remembered then.
    /// </summary>
    public static bool IsBefore(IHeaderDictionary request) =>
        request.Via.Count > 0 || request.ContainsKey("CDN-Loop") || request.ContainsKey("Forwarded")
            || request.ContainsKey("X-Forwarded-For");
}
