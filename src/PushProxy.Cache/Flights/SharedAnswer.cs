using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Cache.Flights;

/// <summary>Sends a client a body that several read.</summary>
internal static class SharedAnswer
{
    /// <summary>INTERNAL_ERROR (RFC 9113 §7): the response is not complete.</summary>
    private const int InternalError = 2;

    /// <summary>
    /// Copies the body to a client. If it breaks off, so does the client's response. If the client goes, nobody else notices.
    /// </summary>
    /// <param name="reader">The body.</param>
    /// <param name="isSoon">Whether the first bytes come at once, so that the head can leave with them.</param>
    /// <param name="client">Where it goes.</param>
    /// <param name="lifetime">The client's request.</param>
    /// <param name="reset">Resets the client's stream, if it has one.</param>
    public static async Task CopyAsync(
        SharedBody.Reader reader, bool isSoon, IHttpResponseBodyFeature client, IHttpRequestLifetimeFeature lifetime,
        IHttpResetFeature? reset)
    {
        using (reader)
        {
            try
            {
                if (!isSoon)
                {
                    await client.Stream.FlushAsync(lifetime.RequestAborted).ConfigureAwait(false);
                }

                while (await reader.ReadAsync(lifetime.RequestAborted).ConfigureAwait(false) is { IsEmpty: false } bytes)
                {
                    await client.Stream.WriteAsync(bytes, lifetime.RequestAborted).ConfigureAwait(false);
                    reader.Advance(bytes.Length);
                }
            }
            catch (Exception e) when (e is IOException || lifetime.RequestAborted.IsCancellationRequested)
            {
                // If the client has gone, this changes nothing. But the request may also have been cancelled here, because it took too
                // long, and a body that ends early must not look like a whole one.
                if (reset is not null)
                {
                    reset.Reset(InternalError);
                }
                else
                {
                    lifetime.Abort();
                }
            }
        }
    }
}
