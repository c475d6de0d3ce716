namespace PushProxy.Model;

/// <summary>
/// Why a page was not begun with a shell. The debug header, <c>/pages</c> and the metrics show these values in kebab case
/// (<see cref="EnumWords"/>).
/// </summary>
internal enum ShellSkip
{
    /// <summary>A shell was sent.</summary>
    None,

    /// <summary>The policy says <see cref="ShellMode.Off"/>.</summary>
    Off,

    /// <summary>The policy says <see cref="ShellMode.Shadow"/>.</summary>
    Shadow,

    /// <summary>
    /// The request is no navigation of a document over HTTP/2 with Fetch metadata, or it has a condition, or it bypasses caches.
    /// </summary>
    NotNavigation,

    /// <summary>The request has a field that browsers do not send. The origin might put it into its answer.</summary>
    UnusualField,

    /// <summary>A crawler. It would take a page that is not there for one that is.</summary>
    Crawler,

    /// <summary>The request carries cookies or authorization (<see cref="ShellOptions.WithCookies"/>).</summary>
    Cookies,

    /// <summary>No shell is known yet.</summary>
    Unknown,

    /// <summary>The shell has not been right often enough (<see cref="ShellOptions.After"/>).</summary>
    NotProven,

    /// <summary>The origin answers so quickly that a shell gains nothing (<see cref="ShellOptions.MinThinkTime"/>).</summary>
    Quick,

    /// <summary>The page would come with a content coding, and without a shell only: the policy compresses nothing.</summary>
    Encoded,

    /// <summary>
    /// The policy keeps documents (<see cref="Cache.HttpCacheScope.All"/>), and the page may be kept. The store is quicker than a
    /// shell, and keeps nothing that a shell was sent for.
    /// </summary>
    Stored,

    /// <summary>Two pages of the site began otherwise a moment ago, so it is probably being changed.</summary>
    Deploy,

    /// <summary>Too many shells of the site were wrong.</summary>
    SiteStopped,
}
