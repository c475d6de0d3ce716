using Microsoft.AspNetCore.Http.Features;
using PushProxy.Client.Pacing;

namespace PushProxy.Forwarding;

/// <summary>The body of a pushed or hinted response. Each piece is written when its turn comes.</summary>
internal sealed class PacedBody(IHttpResponseBodyFeature inner, PushSchedule schedule, PushOrder order, CancellationToken aborted)
    : PassingBody(inner)
{
    /// <summary>The maximum number of bytes handed over at once, so that other bodies get their turn.</summary>
    private const int MaxPiece = 64 * 1024;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var bytes = await schedule.NextAsync(order, Math.Min(buffer.Length, MaxPiece), aborted).ConfigureAwait(false);
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
