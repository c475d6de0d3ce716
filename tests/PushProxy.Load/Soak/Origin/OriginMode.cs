namespace PushProxy.Load.Soak.Origin;

/// <summary>What the origin does to the requests it treats badly. Its words are the command's: <c>reset-amid 50</c>.</summary>
internal enum OriginMode
{
    /// <summary>Nothing: it answers as it should.</summary>
    Well,

    /// <summary>Takes the request and says nothing until the fault is over; then it closes the connection.</summary>
    Hang,

    /// <summary>RST before the first byte of the response.</summary>
    Reset,

    /// <summary>RST once the head and half of the body are out.</summary>
    ResetAmid,

    /// <summary>Half of the body, then FIN: less than <c>Content-Length</c> says, or no last chunk.</summary>
    Truncate,

    /// <summary>The whole body, in small pieces with pauses.</summary>
    Slow,
}
