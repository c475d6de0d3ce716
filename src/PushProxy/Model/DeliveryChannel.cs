namespace PushProxy.Model;

/// <summary>How a resource was delivered.</summary>
internal enum DeliveryChannel
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Named in <c>Link</c> on the page's response.</summary>
    Link,

    /// <summary>Named in a 103, and again in <c>Link</c>.</summary>
    EarlyHints,

    /// <summary>Pushed.</summary>
    Push,
}
