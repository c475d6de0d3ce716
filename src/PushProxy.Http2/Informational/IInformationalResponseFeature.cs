namespace PushProxy.Http2;

/// <summary>1xx responses for one request (RFC 9110 §15.2), above all 103 Early Hints (RFC 8297).</summary>
public interface IInformationalResponseFeature
{
    /// <summary>Whether a 1xx could be sent now: <see cref="InformationalOutcome.Sent"/>, or the reason that stands against it.</summary>
    InformationalOutcome Availability { get; }

    /// <summary>
    /// Sends a 1xx at once. Its place, after all promises made and before the final response, is settled when this returns;
    /// awaiting it only tells whether it was sent. On HTTP/1.1 it has to be awaited before the response is written.
    /// </summary>
    /// <param name="statusCode">102 to 199, without meaning for this library.</param>
    /// <param name="headers">Fields of the 1xx, such as <c>link</c>. They are not repeated on the final response.</param>
    /// <returns>Whether it was sent. Nothing is thrown for what a client or a configuration may cause.</returns>
    ValueTask<InformationalOutcome> SendAsync(int statusCode, IEnumerable<KeyValuePair<string, string>> headers);
}
