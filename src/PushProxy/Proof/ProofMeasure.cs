namespace PushProxy.Proof;

/// <summary>What is measured of a page view.</summary>
internal enum ProofMeasure
{
    /// <summary>
    /// From the navigation's request to the last byte, acknowledged by the client, of the page and of everything that blocks its
    /// display.
    /// </summary>
    Display,

    /// <summary>From the navigation's request to the first byte of the page's final response.</summary>
    FirstByte,

    /// <summary>What the client was sent until then on the page's connection, in kB (1,000 bytes), instead of a time.</summary>
    Kilobytes,

    /// <summary>First Contentful Paint, as the browser tells it.</summary>
    Fcp,

    /// <summary>Largest Contentful Paint, as the browser tells it.</summary>
    Lcp,

    /// <summary>The time to the first byte of the final response, as the browser tells it.</summary>
    Ttfb,

    /// <summary>The time to the first byte of the first interim response, as the browser tells it.</summary>
    Interim,
}
