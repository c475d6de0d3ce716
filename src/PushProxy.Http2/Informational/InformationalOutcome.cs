namespace PushProxy.Http2;

/// <summary>Whether a 1xx response was sent, or why not.</summary>
public enum InformationalOutcome
{
    /// <summary>It was written to the connection, before the final response.</summary>
    Sent,

    /// <summary>
    /// HTTP/1.0, HTTP/3, an endpoint without <c>UseServerPush()</c>, or HTTP/1.1 without
    /// <see cref="ServerPushOptions.InformationalOverHttp1"/>.
    /// </summary>
    NotSupported,

    /// <summary>The final response has started (RFC 9110 §15.2: a 1xx comes before it).</summary>
    TooLate,

    /// <summary>The client reset the request, the response has ended, or the connection has ended.</summary>
    StreamEnded,

    /// <summary>The request was pushed; no client waits for hints about it.</summary>
    RequestIsPushed,

    /// <summary>The status is not 102-199. Kestrel itself sends 100, and HTTP/2 has no 101 (RFC 9113 §8.6).</summary>
    InvalidStatus,

    /// <summary>A 1xx response cannot carry one of the fields, or a field has CR, LF or other forbidden characters.</summary>
    InvalidHeader,

    /// <summary>Larger than <see cref="ServerPushOptions.MaxHeaderBytes"/>, or too many octets wait to be written.</summary>
    LimitReached,

    /// <summary>
    /// The endpoint calls <c>UseServerPush()</c> before <c>UseHttps()</c>, so that it sees ciphertext. Call it after. This is logged once.
    /// </summary>
    BeforeTls,
}
