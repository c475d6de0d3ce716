using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Client;
using PushProxy.Client.Pacing;

namespace PushProxy.Forwarding;

/// <summary>
/// The body of a pushed or hinted response. Each piece is written when its turn comes. A push that becomes larger than the page's budget
/// allows is reset.
/// </summary>
internal sealed class PacedBody(IHttpResponseBodyFeature inner, PushSchedule schedule, PushedResource pushed, HttpContext http)
    : PassingBody(inner)
{
    /// <summary>The maximum number of bytes handed over at once, so that other bodies get their turn.</summary>
    private const int MaxPiece = 64 * 1024;

    private long _bytes;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _bytes += buffer.Length;
        if (!pushed.Allows(_bytes))
        {
            PushedResponse.GiveUp(http);
            throw new OperationCanceledException("The pushed response is larger than the page's budget allows.");
        }

        while (!buffer.IsEmpty)
        {
            var piece = Math.Min(buffer.Length, MaxPiece);
            var bytes = await schedule.NextAsync(pushed.Order, piece, http.RequestAborted).ConfigureAwait(false);
            try
            {
                await Inner.Stream.WriteAsync(buffer[..bytes], cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                schedule.Written(bytes);
            }

            buffer = buffer[bytes..];
        }
    }
}
