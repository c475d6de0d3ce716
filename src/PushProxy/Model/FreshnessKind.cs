namespace PushProxy.Model;

/// <summary>What a browser does with a response it got when it needs it again.</summary>
internal enum FreshnessKind
{
    /// <summary>It has not kept it, or nothing that could be used.</summary>
    NotStored,

    /// <summary>It has kept it, and asks the origin before each use: <c>no-cache</c>, or no longer fresh.</summary>
    Revalidate,

    /// <summary>It uses it without asking.</summary>
    Fresh,
}
