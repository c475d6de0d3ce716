using Microsoft.AspNetCore.Http;

namespace PushProxy.Client;

/// <summary>Detects a proxy or gateway between the browser and this proxy. Its connections carry requests of many clients.</summary>
internal static class Intermediary
{
    /// <summary>
    /// Returns whether the request has a field that an intermediary adds (RFC 9110 §7.6.3, RFC 8586, RFC 7239). A client can add such a
    /// field too. Then nothing of its connection is remembered.
    /// </summary>
    public static bool IsBefore(IHeaderDictionary request) =>
        request.Via.Count > 0 || request.ContainsKey("CDN-Loop") || request.ContainsKey("Forwarded")
            || request.ContainsKey("X-Forwarded-For");
}
