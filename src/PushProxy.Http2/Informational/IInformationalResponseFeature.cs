namespace PushProxy.Http2;

/// <summary>1xx responses for one request (RFC 9110 §15.2), above all 103 Early Hints (RFC 8297).</summary>
public interface IInformationalResponseFeature
{
    /// <summary>Whether a 1xx could be sent now: <see cref="InformationalOutcome.Sent"/>, or the reason why not.</summary>
    InformationalOutcome Availability { get; }

    /// <summary>
    /// Sends a 1xx response at once. When the method returns, its place is decided: after all promises made so far, and before the
    /// final response. The task tells whether it was sent. On HTTP/1.1, await it before you write the response.
    /// </summary>
    /// <param name="statusCode">Any 102-199; not interpreted.</param>
    /// <param name="headers">Fields of the 1xx response, such as <c>link</c>. The final response does not repeat them.</param>
    /// <returns>Whether it was sent, or why not. No exception is thrown for what a client or a configuration causes.</returns>
    ValueTask<InformationalOutcome> SendAsync(int statusCode, IEnumerable<KeyValuePair<string, string>> headers);
}
