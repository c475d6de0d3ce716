namespace PushProxy.Http2;

/// <summary>
/// Server push for one request (RFC 9113 §8.4), the counterpart of Go's <c>http.Pusher</c>. Safe for use by several threads at once.
/// </summary>
public interface IServerPushFeature
{
    /// <summary>
    /// Whether a push would be accepted now: <see cref="PushOutcome.Pushed"/>, or the reason why not. The answer may change at any
    /// time; <see cref="TryPush"/> checks again.
    /// </summary>
    PushOutcome Availability { get; }

    /// <summary>The push that this request belongs to; null for a request that the client made.</summary>
    ServerPush? Promised { get; }

    /// <summary>
    /// Promises a resource to the client, and has the application serve it as a separate request. The promise is sent before anything
    /// that this request writes after the call.
    /// </summary>
    /// <param name="target">An absolute path with query, or a URL of this request's own origin; ASCII, percent-encoded.</param>
    /// <param name="headers">
    /// Fields of the promised request. No field is copied from this request: pass those that choose the variant, such as
    /// <c>accept-encoding</c>, with the values that the client would send.
    /// </param>
    /// <param name="method"><c>GET</c> or <c>HEAD</c> (RFC 9113 §8.4: safe, cacheable, without content).</param>
    /// <returns>The push, or why it was not accepted. No exception is thrown for what a client or a configuration causes.</returns>
    PushResult TryPush(string target, IEnumerable<KeyValuePair<string, string>>? headers = null, string method = "GET");
}
