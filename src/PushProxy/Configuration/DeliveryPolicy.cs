using System.ComponentModel.DataAnnotations;
using PushProxy.Cache;

namespace PushProxy;

/// <summary>
/// Decides what is delivered early, and how, on the routes that use this policy. A policy does not change after it is loaded. A value
/// outside its range fails validation.
/// </summary>
public sealed record DeliveryPolicy
{
    /// <summary>The name of the built-in policy that switches PushProxy off for a route.</summary>
    public const string Off = "off";

    /// <summary>The name that stands for <see cref="PushProxyOptions.Defaults"/> in a route's metadata.</summary>
    public const string Default = "default";

    /// <summary>The key of the route metadata that holds the name of the policy.</summary>
    public const string MetadataKey = "PushProxy.Policy";

    /// <summary>The key of the metadata of the route that <c>PushProxy:Origin</c> stands for.</summary>
    internal const string OriginKey = "PushProxy.Origin";

    /// <summary>How critical resources are delivered. The default is <see cref="DeliveryMode.Auto"/>.</summary>
    public DeliveryMode Delivery { get; init; } = DeliveryMode.Auto;

    /// <summary>The maximum number of resources pushed with one page. The default is 16. The range is 0 to 64.</summary>
    [Range(0, 64)]
    public int MaxPushes { get; init; } = 16;

    /// <summary>
    /// The maximum size of all pushes with one page, in bytes of content and promised header fields. The default is 512 KiB. The range is 0
    /// to 16 MiB. Fewer bytes are pushed if the path to the client cannot carry them before the page comes.
    /// </summary>
    [Range(0, 16 * 1024 * 1024)]
    public int MaxPushBytes { get; init; } = 512 * 1024;

    /// <summary>
    /// The maximum size of the Link field values added to a response, in bytes. The default is 1,024. The range is 0 to 3,072. 1 kB passes
    /// through all known proxies. More than 3 kB has broken proxies between server and client.
    /// </summary>
    [Range(0, 3072)]
    public int MaxLinkBytes { get; init; } = 1024;

    /// <summary>Whether a cookie remembers what a client has after its connection is closed. The default is true.</summary>
    public bool CacheCookie { get; init; } = true;

    /// <summary>
    /// Whether the origin gets the client's Host instead of its destination's name, so that it takes itself for the public site (RFC 9110
    /// §7.2). Null, the default: only the origin of <c>PushProxy:Origin</c> does, and only over http, because over https its certificate
    /// must be for the Host. A transform of the route that sets Host comes first.
    /// </summary>
    public bool? PreserveHost { get; init; }

    /// <summary>
    /// What the proxy keeps of the origin's responses, and answers others with (RFC 9111). The default is
    /// <see cref="HttpCacheScope.Assets"/>: no documents.
    /// </summary>
    public HttpCacheScope Cache { get; init; } = HttpCacheScope.Assets;

    /// <summary>
    /// Whether text that the origin sends without content coding leaves as br, zstd or gzip, as the client prefers. The default is true.
    /// </summary>
    public bool Compression { get; init; } = true;

    /// <summary>
    /// Whether pages begin before their origin answers, with what they begin with for everyone. The default is
    /// <see cref="ShellMode.Shadow"/>: nothing is sent, and each answer is compared with what would have been.
    /// </summary>
    public ShellMode Shell { get; init; } = ShellMode.Shadow;

    /// <summary>
    /// The share of visitors, in percent, whose pages are forwarded as they are: no push, no 103, no Link, no shell. What the others gain
    /// is measured against them. The default is 5. The range is 0 to 50; 0 measures nothing.
    /// </summary>
    [Range(0, 50)]
    public int HoldOut { get; init; } = 5;

    /// <summary>
    /// Whether visitors held out get nothing from the store and nothing compressed by the proxy either. The default is false.
    /// </summary>
    public bool HoldOutStore { get; init; }

    /// <summary>
    /// Whether pages get one tag more, for a script of the proxy's own that tells it when the browser painted. The default is false.
    /// </summary>
    public bool Beacon { get; init; }

    /// <summary>Whether pages get the tag of the beacon. Where nothing is delivered, there is nothing to compare.</summary>
    internal bool TagsPages => Beacon && Delivery != DeliveryMode.Off;

    /// <summary>
    /// Whether the responses of pages carry the header <c>PushProxy-Decision</c>, which says what was decided and why, and all responses
    /// <c>Cache-Status</c> (RFC 9211). The default is false.
    /// </summary>
    public bool DebugHeader { get; init; }

    /// <summary>Returns the policy that a route names in its metadata; null for <see cref="PushProxyOptions.Defaults"/>.</summary>
    internal static string? NameIn(IReadOnlyDictionary<string, string>? metadata) =>
        metadata is not null && metadata.TryGetValue(MetadataKey, out var name) ? name : null;
}
