namespace PushProxy.Model;

/// <summary>Which visitors a page view belongs to, so that the gain on this site can be measured.</summary>
internal enum Arm
{
    /// <summary>Nobody is compared: the view is no page view, or its policy has no hold-out.</summary>
    None,

    /// <summary>The page is delivered as its policy says.</summary>
    Delivered,

    /// <summary>The page is forwarded as it is: no push, no 103, no Link, no shell.</summary>
    HeldOut,
}
