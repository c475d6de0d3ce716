namespace PushProxy;

/// <summary>How a page's critical resources are announced.</summary>
public enum DeliveryMode
{
    /// <summary>By <c>Link: rel=preload</c> on the page's own response (RFC 8288, HTML §4.6.8).</summary>
    Link,

    /// <summary>Not at all: nothing is added, and nothing is learned.</summary>
    Off,
}
