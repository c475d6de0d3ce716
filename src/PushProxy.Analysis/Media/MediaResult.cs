namespace PushProxy.Analysis.Media;

/// <summary>What can be said of a media query, or a part of one, without knowing the screen.</summary>
internal enum MediaResult
{
    /// <summary>No screen matches.</summary>
    Never,

    /// <summary>Every screen matches.</summary>
    Always,

    /// <summary>It depends on the screen.</summary>
    Depends,

    /// <summary>It names something browsers don't know: neither it nor its negation matches (Media Queries 4, §3.1).</summary>
    Unknown,

    /// <summary>It breaks the grammar, which makes the whole query match nothing (Media Queries 4, §3.2).</summary>
    Malformed,
}
