namespace PushProxy.Model;

/// <summary>How sure it is that a browser wants to display what it asked for.</summary>
internal enum NavigationKind
{
    /// <summary>It is no navigation; a <see cref="PageSkip"/> says why.</summary>
    None,

    /// <summary>A GET by a client that says nothing of what it takes: no browser, but it may take pushes.</summary>
    Unspoken,

    /// <summary>Anything is welcome (<c>Accept: */*</c>): a navigation, if what comes back is a page.</summary>
    Anything,

    /// <summary>A frame within a page: it is displayed, but nobody acts on its hints.</summary>
    Frame,

    /// <summary>A page that fills a window, by the client's own words.</summary>
    Document,
}
