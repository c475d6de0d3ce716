using System.ComponentModel;

namespace PushProxy;

/// <summary>
/// How a page's critical resources are delivered. In a configuration: <c>auto</c>, <c>push</c>, <c>early-hints</c>, <c>link</c>,
/// <c>off</c>.
/// </summary>
[TypeConverter(typeof(DeliveryModeConverter))]
public enum DeliveryMode
{
    /// <summary>
    /// By whichever channel the client takes: server push where it allows that, else one 103 on navigations over HTTP/2, and in any
    /// case <c>Link</c> on the page's response for what was not pushed.
    /// </summary>
    Auto,

    /// <summary>By server push (RFC 9113 §8.4) where the client allows it, else by <c>Link</c>; never by 103.</summary>
    Push,

    /// <summary>By 103 Early Hints (RFC 8297) on navigations over HTTP/2, and by <c>Link</c>; never by push.</summary>
    EarlyHints,

    /// <summary>By <c>Link: rel=preload</c> on the page's own response alone (RFC 8288, HTML §4.6.8).</summary>
    Link,

    /// <summary>Not at all: nothing is added, and nothing is learned.</summary>
    Off,
}
