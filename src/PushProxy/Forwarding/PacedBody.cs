using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Client;
using PushProxy.Client.Pacing;

namespace PushProxy.Forwarding;

/// <summary>
/// The body of a pushed or hinted response. Each piece is written when its turn comes. A push that becomes larger than the page's budget
/// allows is reset.
/// </summary>
internal sealed class PacedBody(
    IHttpResponseBodyFeature inner, ClientConnection connection, PushedResource pushed, HttpContext http) : PassingBody(inner)
{
    /// <summary>The maximum number of bytes handed over at once, so that other bodies get their turn.</summary>
    private const int MaxPiece = 64 * 1024;

    /// <summary>How often, and each time for how long, what does not block display lets what does have its turn first.</summary>
    private const int MaxPauses = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly PushSchedule _schedule = connection.Schedule;
    private long _bytes;
    private bool _hasBegun;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _bytes += buffer.Length;
        if (!pushed.Allows(_bytes))
        {
            PushedResponse.GiveUp(http);
            throw new OperationCanceledException("The pushed response is larger than the page's budget allows.");
        }

        if (!_hasBegun)
        {
            _hasBegun = true;
            await LetBlockingBeginAsync().ConfigureAwait(false);
        }

        var ends = _bytes == http.Response.ContentLength;
        while (!buffer.IsEmpty)
        {
            var piece = Math.Min(buffer.Length, MaxPiece);
            var bytes = await _schedule.NextAsync(pushed.Order, piece, http.RequestAborted).ConfigureAwait(false);
            try
            {
                if (ends && bytes == buffer.Length)
                {
                    // It is flushed with the end of the response. Otherwise that would be a frame of its own, behind what others write.
                    Inner.Writer.Write(buffer.Span);
                }
                else
                {
                    await Inner.Stream.WriteAsync(buffer[..bytes], cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                _schedule.Written(bytes);
            }

            buffer = buffer[bytes..];
        }
    }

    // A client asks for all that was hinted at once, and the store has answers at once. Which comes first is chance, and a font that comes
    // first would take the window that the stylesheets need.
    private async Task LetBlockingBeginAsync()
    {
        for (var i = 0; i < MaxPauses && !pushed.Order.IsBlocking && connection.ExpectsBlocking(pushed.Order.Page); i++)
        {
            await Task.Delay(Pause, http.RequestAborted).ConfigureAwait(false);
        }
    }
}
