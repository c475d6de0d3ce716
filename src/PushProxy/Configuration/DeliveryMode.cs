using System.ComponentModel;

namespace PushProxy;

/// <summary>
/// Selects how a page's critical resources are delivered. The values in a configuration are <c>auto</c>, <c>push</c>, <c>early-hints</c>,
/// <c>link</c> and <c>off</c>.
/// </summary>
[TypeConverter(typeof(DeliveryModeConverter))]
public enum DeliveryMode
{
    /// <summary>
    /// Uses the best channel that the client accepts: server push if the client allows it, otherwise one 103 for a navigation over HTTP/2.
    /// Resources that were not pushed are also named in <c>Link</c> on the page's response.
    /// </summary>
    Auto,

    /// <summary>Uses server push (RFC 9113 §8.4) if the client allows it, otherwise <c>Link</c>. Never sends a 103.</summary>
    Push,

    /// <summary>Uses 103 Early Hints (RFC 8297) for navigations over HTTP/2, and <c>Link</c>. Never pushes.</summary>
    EarlyHints,

    /// <summary>Uses only <c>Link: rel=preload</c> on the page's response (RFC 8288, HTML §4.6.8).</summary>
    Link,

    /// <summary>Delivers nothing early, adds nothing to responses and learns nothing.</summary>
    Off,
}
