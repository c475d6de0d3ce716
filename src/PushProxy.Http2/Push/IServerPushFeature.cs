namespace PushProxy.Http2;

/// <summary>Server push for one request (RFC 9113 §8.4), the counterpart of Go's <c>http.Pusher</c>. Any thread may call it.</summary>
public interface IServerPushFeature
{
    /// <summary>
    /// Whether a push would be taken now: <see cref="PushOutcome.Pushed"/>, or the reason that stands against it. The answer may
    /// change at any time; <see cref="TryPush"/> asks again.
    /// </summary>
    PushOutcome Availability { get; }

    /// <summary>The push that this request carries out; null for a request that the client made.</summary>
    ServerPush? Promised { get; }

    /// <summary>
    /// Promises a resource and lets the application serve it, as a request of its own that runs beside this one. The promise
    /// leaves before anything that this request writes after the call.
    /// </summary>
    /// <param name="target">An absolute path with query, or a URL of this request's own origin; ASCII, percent-encoded.</param>
    /// <param name="headers">
    /// Fields of the promised request. Nothing is copied from this request: give those that choose the variant, such as
    /// <c>accept-encoding</c>, as the client would send them.
    /// </param>
    /// <param name="method"><c>GET</c> or <c>HEAD</c> (RFC 9113 §8.4: safe, cacheable, without content).</param>
    /// <returns>The push, or why there is none. Nothing is thrown for what a client or a configuration may cause.</returns>
    PushResult TryPush(string target, IEnumerable<KeyValuePair<string, string>>? headers = null, string method = "GET");
}
