namespace PushProxy.Model;

/// <summary>How certain it is that the browser will display what it requested.</summary>
internal enum NavigationKind
{
    /// <summary>The request is not a navigation. A <see cref="PageSkip"/> says why.</summary>
    None,

    /// <summary>A GET without Fetch metadata and without <c>Accept</c>. The client is not a browser, but it may take pushes.</summary>
    Unspoken,

    /// <summary>The client accepts anything (<c>Accept: */*</c>). The request is a navigation if the response is a page.</summary>
    Anything,

    /// <summary>A frame inside a page. The browser displays it but ignores hints for it.</summary>
    Frame,

    /// <summary>A page that fills a window, as the client itself says.</summary>
    Document,
}
