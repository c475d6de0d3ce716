namespace PushProxy.Model;

/// <summary>Where the knowledge of what a page needs comes from.</summary>
internal enum PageSource
{
    /// <summary>There is no such knowledge, and nothing was delivered.</summary>
    None,

    /// <summary>The requested variant was learned.</summary>
    Learned,

    /// <summary>Another query string of the same path was learned, and all query strings seen so far need the same.</summary>
    SharedPath,

    /// <summary>Enough different clients' pages name the resources (<see cref="LearningOptions.SharedBy"/>).</summary>
    SharedByClients,

    /// <summary>The page was never seen, but the pages of its folder or route share these resources.</summary>
    Template,

    /// <summary>The page's head was read as it passed.</summary>
    Head,
}
