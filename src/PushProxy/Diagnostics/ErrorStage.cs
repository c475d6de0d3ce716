namespace PushProxy.Diagnostics;

/// <summary>Where an error happened. No such error fails a request.</summary>
internal enum ErrorStage
{
    /// <summary>Deciding what to deliver early, and delivering it, before the origin is asked.</summary>
    EarlyDelivery,

    /// <summary>Passing on the origin's own 103.</summary>
    OriginHints,

    /// <summary>Reading the answer to a promised request.</summary>
    PushedResponse,

    /// <summary>Deciding what the page's response names, before its first byte leaves.</summary>
    Delivery,

    /// <summary>Reading a page's first bytes as they pass.</summary>
    HeadScan,

    /// <summary>Fetching a stylesheet, module or image through the proxy's own routes, to learn what it names.</summary>
    Fetch,

    /// <summary>Counting what browsers request after a page.</summary>
    Traffic,

    /// <summary>Copying a body as it passes.</summary>
    Copy,

    /// <summary>Analysing a copy outside the request path.</summary>
    Analysis,

    /// <summary>Comparing pages with their shells, or cutting shells.</summary>
    Shell,

    /// <summary>Adding the beacon's tag to a page, or reading a record.</summary>
    Beacon,

    /// <summary>Writing what was learned to the file that a restart reads.</summary>
    Persistence,

    /// <summary>Telling other instances what was learned, or taking over what they have learned.</summary>
    Sharing,

    /// <summary>Measuring how long page views take.</summary>
    Measuring,
}
