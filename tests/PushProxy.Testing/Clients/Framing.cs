using System.Globalization;

namespace PushProxy.Testing.Clients;

/// <summary>How a body ends (RFC 9112 §6.3).</summary>
public readonly record struct Framing(bool Chunked, long? Length)
{
    /// <summary>There is no body.</summary>
    public static Framing None => new(false, 0);

    /// <summary>Of a request: no length means no body.</summary>
    public static Framing OfRequest(Head head) => Of(head) is { Chunked: false, Length: null } ? None : Of(head);

    /// <summary>Of a response: no length means until the connection closes.</summary>
    public static Framing OfResponse(Head head, string method) =>
        method == "HEAD" || head.Status is < 200 or 204 or 304 ? None : Of(head);

    private static Framing Of(Head head)
    {
        if (head.Value("Transfer-Encoding") is { } coding && coding.EndsWith("chunked", StringComparison.OrdinalIgnoreCase))
        {
            return new Framing(true, null);
        }

        return new Framing(false, head.Value("Content-Length") is { } length ? long.Parse(length, CultureInfo.InvariantCulture) : null);
    }
}
