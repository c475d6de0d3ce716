using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Connections;
using PushProxy.Delivery;

namespace PushProxy.Forwarding;

/// <summary>
/// The body of a page whose stylesheets and scripts are on their way: its beginning goes before all of them, the rest after those that
/// are there. Nothing is displayed without them, and most of what a browser looks for in a page is in its head.
/// </summary>
internal sealed class YieldingBody(IHttpResponseBodyFeature inner, PushSchedule schedule) : PassingBody(inner)
{
    /// <summary>How much of it goes first, in bytes: the head and some of what is displayed first.</summary>
    public const int Beginning = 8 * 1024;

    private int _passed;
    private bool _yielded;

    /// <summary>Puts it into the response to a page that has something to yield to.</summary>
    public static void AddTo(HttpContext http, PageVisit visit)
    {
        if (visit is { IsAwaited: true, Connection.Schedule: { HasBlocking: true } schedule })
        {
            http.Features.Set<IHttpResponseBodyFeature>(new YieldingBody(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), schedule));
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_passed < Beginning)
        {
            var bytes = Math.Min(buffer.Length, Beginning - _passed);
            _passed += bytes;
            await Inner.Stream.WriteAsync(buffer[..bytes], cancellationToken).ConfigureAwait(false);
            buffer = buffer[bytes..];
            if (buffer.IsEmpty)
            {
                return;
            }
        }

        if (!_yielded)
        {
            _yielded = true;
            await schedule.YieldAsync().ConfigureAwait(false);
        }

        await Inner.Stream.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
    }
}
