namespace PushProxy.Http2.Streams;

/// <summary>The states of RFC 9113 §5.1, seen from the server. Idle streams are not in the table.</summary>
internal enum StreamState : byte
{
    /// <summary>A promise was written; its response has not begun.</summary>
    ReservedLocal,

    /// <summary>A request whose content the client is still sending.</summary>
    Open,

    /// <summary>The client has sent all; the response may be under way. Pushed streams are born into it by their HEADERS.</summary>
    HalfClosedRemote,

    /// <summary>The response has ended before the request has.</summary>
    HalfClosedLocal,

    /// <summary>Over, by END_STREAM of both sides or by RST_STREAM of one.</summary>
    Closed,
}
