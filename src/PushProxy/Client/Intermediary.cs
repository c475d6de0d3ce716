using Microsoft.AspNetCore.Http;

namespace PushProxy.Client;

/// <summary>Detects a proxy or gateway between the browser and this proxy. Its connections carry requests of many clients.</summary>
internal static class Intermediary
{
    /// <summary>The field that most intermediaries append the client's address to.</summary>
    public const string ForwardedFor = "X-Forwarded-For";

    /// <summary>The field of RFC 7239.</summary>
    public const string Forwarded = "Forwarded";

    /// <summary>The field that ASP.NET Core's forwarded headers middleware leaves when it has taken over the client's address.</summary>
    public const string OriginalFor = "X-Original-For";

    /// <summary>The field in which some intermediaries state the client's address.</summary>
    public const string RealAddress = "X-Real-IP";

    private static readonly string[] Fields =
        ["CDN-Loop", Forwarded, ForwardedFor, OriginalFor, RealAddress, "X-Forwarded-Proto", "X-Forwarded-Host"];

    /// <summary>
    /// Returns whether the request has a field that an intermediary adds (RFC 9110 §7.6.3, RFC 8586, RFC 7239). A client can add such a
    /// field too. Then nothing of its connection is remembered.
    /// </summary>
    public static bool IsBefore(IHeaderDictionary request)
    {
        if (request.Via.Count > 0)
        {
            return true;
        }

        foreach (var field in Fields)
        {
            if (request.ContainsKey(field))
            {
                return true;
            }
        }

        return false;
    }
}
