namespace PushProxy.Forwarding.Beacon;

/// <summary>Whether a page got a tag, and why not.</summary>
internal enum BeaconOutcome
{
    /// <summary>It got one.</summary>
    Tagged,

    /// <summary>The application does not answer the script's path: <c>UsePushProxyBeacon</c> is missing.</summary>
    NotServed,

    /// <summary>The visitor's browser asks not to be measured: <c>Sec-GPC</c> or <c>DNT</c>.</summary>
    Declined,

    /// <summary>Others get one at the moment, and they are enough.</summary>
    NotSampled,

    /// <summary>The origin sent it with a content coding.</summary>
    Encoded,

    /// <summary>The origin or the client forbids to change it (RFC 9110 §7.7).</summary>
    NoTransform,

    /// <summary>It is signed, or its digest follows in a trailer.</summary>
    Signed,

    /// <summary>Its charset does not have ASCII's letters where ASCII has them.</summary>
    Charset,

    /// <summary>Its Content-Security-Policy, or Integrity-Policy, does not allow the script or the beacon.</summary>
    SecurityPolicy,

    /// <summary>It has no head tag, or something comes before that.</summary>
    NoHead,
}

/// <summary>What became of a record.</summary>
internal enum RecordOutcome
{
    /// <summary>It counts.</summary>
    Taken,

    /// <summary>It is of no view that is compared: its policy holds nobody out.</summary>
    NoView,

    /// <summary>No page was sent with a tag that it could be about, or that has been answered.</summary>
    Unasked,

    /// <summary>It can't be read, or its times can't be.</summary>
    Invalid,

    /// <summary>It is too long.</summary>
    TooLong,

    /// <summary>A page of another site sent it, or no page did.</summary>
    Foreign,

    /// <summary>Too many came at once.</summary>
    TooMany,
}
