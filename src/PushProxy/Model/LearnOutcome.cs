namespace PushProxy.Model;

/// <summary>The result of analysing a page.</summary>
internal enum LearnOutcome
{
    /// <summary>The page is a variant that was not known before.</summary>
    Learned,

    /// <summary>The page is a new version of a known variant and needs the same resources.</summary>
    Confirmed,

    /// <summary>The page is a new version of a known variant and needs other resources.</summary>
    Changed,
}
