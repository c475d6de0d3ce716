namespace PushProxy.Model;

/// <summary>What became of a page that was analysed.</summary>
internal enum LearnOutcome
{
    /// <summary>A variant never seen before.</summary>
    Learned,

    /// <summary>Another version that needs the same.</summary>
    Confirmed,

    /// <summary>Another version that needs something else.</summary>
    Changed,
}
