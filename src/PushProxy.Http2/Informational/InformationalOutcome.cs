namespace PushProxy.Http2;

/// <summary>What came of asking to send a 1xx response, and if nothing, why not.</summary>
public enum InformationalOutcome
{
    /// <summary>It left for the client, ahead of the final response.</summary>
    Sent,

    /// <summary>HTTP/1.0, HTTP/3, an endpoint without <c>UseServerPush()</c>, or HTTP/1.1 where it is not switched on.</summary>
    NotSupported,

    /// <summary>The final response has started (RFC 9110 §15.2: a 1xx comes before it).</summary>
    TooLate,

    /// <summary>The client reset the request, the response has ended, or the connection is gone.</summary>
    StreamEnded,

    /// <summary>The request was pushed; nobody waits for hints about it.</summary>
    RequestIsPushed,

    /// <summary>Not a status from 102 to 199. 100 is Kestrel's own, 101 does not exist in HTTP/2 (RFC 9113 §8.6).</summary>
    InvalidStatus,

    /// <summary>A field that a 1xx response cannot carry, or one with CR, LF or other forbidden characters.</summary>
    InvalidHeader,

    /// <summary>Larger than <see cref="ServerPushOptions.MaxHeaderBytes"/>, or too much is waiting to be written.</summary>
    LimitReached,
}
