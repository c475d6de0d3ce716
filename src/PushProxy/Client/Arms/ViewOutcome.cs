namespace PushProxy.Client.Arms;

/// <summary>What became of a page view that was to be measured.</summary>
internal enum ViewOutcome
{
    /// <summary>It was measured.</summary>
    Measured,

    /// <summary>The answer was no page.</summary>
    NoPage,

    /// <summary>Something that blocks display did not come, or not to its end: the visitor has gone, or the origin has failed.</summary>
    Unfinished,

    /// <summary>Too many views came at once. Which ones are left out says nothing of the arm.</summary>
    LeftOut,
}
