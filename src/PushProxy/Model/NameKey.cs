using System.IO.Hashing;
using System.Runtime.InteropServices;
using PushProxy.Analysis;

namespace PushProxy.Model;

/// <summary>
/// Identifies something that a page says and that clients could be told: with all that they would be told of it, because a name that is
/// everybody's may come with candidates, a hash or a condition that are one visitor's own.
/// </summary>
internal static class NameKey
{
    /// <summary>Stands for the path of a page itself: it may be a visitor's own as well.</summary>
    public static readonly UInt128 ThePage = Hash("page");

    /// <summary>Returns the key of a resource: the same for two only if a preload link for both is the same.</summary>
    public static UInt128 Of(CriticalResource resource) => Hash(
        resource.Kind.ToString(), resource.Url.AbsoluteUri, resource.CrossOrigin.ToString(), resource.Media, resource.Integrity,
        resource.FetchPriority, resource.ReferrerPolicy, resource.Type, resource.ImageSrcSet, resource.ImageSizes);

    /// <summary>Returns the key of an origin to connect to.</summary>
    public static UInt128 Of(PreconnectOrigin origin) => Hash(origin.Origin, origin.CrossOrigin.ToString());

    /// <summary>Returns the key of a resource that is left out. Only the debug header tells it.</summary>
    public static UInt128 Of(SkippedResource skipped) => Hash("skipped", skipped.Url, skipped.Reason.ToString());

    /// <summary>Returns the key of the policies in a page's header fields; that it has none is something that it says, too.</summary>
    public static UInt128 Of(ContentSecurityPolicy? policy) => Hash(["policy", .. policy?.HeaderPolicies ?? []]);

    // Neither a header field nor an attribute holds a NUL (RFC 9110 §5.5, HTML §13.2.5).
    private static UInt128 Hash(params string?[] parts) =>
        XxHash128.HashToUInt128(MemoryMarshal.AsBytes(string.Join('\0', parts).AsSpan()));
}
