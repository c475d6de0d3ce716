namespace PushProxy.Model;

/// <summary>What a browser does with a stored response when it needs the resource again.</summary>
internal enum FreshnessKind
{
    /// <summary>The browser has not kept the response, or kept nothing that it could use.</summary>
    NotStored,

    /// <summary>
    /// The browser has kept the response and asks the origin before each use, because of <c>no-cache</c> or because it is no longer fresh.
    /// </summary>
    Revalidate,

    /// <summary>The browser uses the response without asking.</summary>
    Fresh,
}
