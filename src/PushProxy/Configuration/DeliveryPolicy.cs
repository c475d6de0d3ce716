using System.ComponentModel.DataAnnotations;

namespace PushProxy;

/// <summary>What is delivered early, and how, for the routes that pick it. Immutable once loaded.</summary>
public sealed record DeliveryPolicy
{
    /// <summary>The name of the built-in policy that switches a route off.</summary>
    public const string Off = "off";

    /// <summary>The name under which <see cref="PushProxyOptions.Defaults"/> can be named.</summary>
    public const string Default = "default";

    /// <summary>The route metadata key that names the policy.</summary>
    public const string MetadataKey = "PushProxy.Policy";

    /// <summary>How critical resources are delivered. <see cref="DeliveryMode.Auto"/>.</summary>
    public DeliveryMode Delivery { get; init; } = DeliveryMode.Auto;

    /// <summary>The most resources pushed with one page. 16; 0 to 64.</summary>
    [Range(0, 64)]
    public int MaxPushes { get; init; } = 16;

    /// <summary>
    /// The most that is pushed with one page, in bytes of content and promised header fields. 512 KiB; 0 to 16 MiB. Less is pushed
    /// where the path to the client does not carry it before the page comes.
    /// </summary>
    [Range(0, 16 * 1024 * 1024)]
    public int MaxPushBytes { get; init; } = 512 * 1024;

    /// <summary>
    /// The most that is added to a response as Link field values, in bytes. 1,024; 0 to 3,072.
    /// 1 kB passes everywhere; more than 3 kB has broken proxies on the way.
    /// </summary>
    [Range(0, 3072)]
    public int MaxLinkBytes { get; init; } = 1024;

    /// <summary>Whether a cookie remembers what a client has when its connection is closed. True.</summary>
    public bool CacheCookie { get; init; } = true;

    /// <summary>Whether pages carry a <c>PushProxy-Decision</c> header that says what was decided, and why. False.</summary>
    public bool DebugHeader { get; init; }
}
