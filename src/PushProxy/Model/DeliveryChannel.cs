namespace PushProxy.Model;

/// <summary>How a resource was delivered.</summary>
internal enum DeliveryChannel
{
    /// <summary>The resource was not delivered.</summary>
    None,

    /// <summary>The page's response names it in <c>Link</c>.</summary>
    Link,

    /// <summary>A 103 names it, and the page's response repeats it in <c>Link</c>.</summary>
    EarlyHints,

    /// <summary>The resource was pushed.</summary>
    Push,
}
