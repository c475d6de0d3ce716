using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Fields;

namespace PushProxy.Cache.Encodings;

/// <summary>Changes the fields of a response whose body is encoded on the way.</summary>
internal static class EncodedHead
{
    /// <summary>
    /// Digests of the bytes that the origin sent (RFC 1864, RFC 3230, RFC 9530). <c>Repr-Digest</c> is of the coded bytes, too.
    /// </summary>
    private static readonly string[] OfOtherBytes = ["Content-MD5", "Digest", "Content-Digest", "Repr-Digest", "Accept-Ranges"];

    /// <summary>Says that the response depends on what the client accepts, even if this client gets it as it is.</summary>
    public static void Varies(HttpResponse response)
    {
        if (!Words.Have(response.Headers.Vary, "Accept-Encoding") && !Words.Have(response.Headers.Vary, "*"))
        {
            response.Headers.Append("Vary", "Accept-Encoding");
        }
    }

    /// <summary>Says that the body has a coding. Its length must be set by the caller, if it is known.</summary>
    public static void Encoded(HttpResponse response, string coding)
    {
        response.Headers.ContentEncoding = coding;
        OtherBytes(response);
    }

    /// <summary>Removes what is true of the bytes that the origin sent alone.</summary>
    public static void OtherBytes(HttpResponse response)
    {
        foreach (var name in OfOtherBytes)
        {
            response.Headers.Remove(name);
        }

        Weaken(response);
    }

    /// <summary>Makes the tag weak, because the bytes are not those that the origin named with it (RFC 9110 §8.8.1).</summary>
    public static void Weaken(HttpResponse response)
    {
        if (response.Headers.ETag is [{ } tag] && tag.StartsWith('"'))
        {
            response.Headers.ETag = "W/" + tag;
        }
    }
}
