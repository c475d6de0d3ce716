namespace PushProxy.Diagnostics;

/// <summary>Where something failed that never fails a request.</summary>
internal enum ErrorStage
{
    /// <summary>Deciding and delivering before the origin is asked.</summary>
    EarlyDelivery,

    /// <summary>Looking at the answer to a promised request.</summary>
    PushedResponse,

    /// <summary>Deciding, before the first byte of a response.</summary>
    Delivery,

    /// <summary>Looking at a page's first bytes as they pass.</summary>
    HeadScan,

    /// <summary>Fetching a stylesheet through the proxy's own routes, to learn what it names.</summary>
    Fetch,

    /// <summary>Copying a body that passes.</summary>
    Copy,

    /// <summary>Analysing a copy, off the request path.</summary>
    Analysis,
}
