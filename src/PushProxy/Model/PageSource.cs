namespace PushProxy.Model;

/// <summary>Where the answer to "what does this page need" came from.</summary>
internal enum PageSource
{
    /// <summary>Nowhere: nothing was delivered.</summary>
    None,

    /// <summary>This very variant was learned.</summary>
    Learned,

    /// <summary>Another query string of the same path, where all seen so far agree.</summary>
    SharedPath,

    /// <summary>Named by as many different clients' pages as must be (<see cref="LearningOptions.SharedBy"/>).</summary>
    SharedByClients,

    /// <summary>A page never seen, of a folder or route whose pages agree.</summary>
    Template,

    /// <summary>Read in the head as it passed.</summary>
    Head,
}
