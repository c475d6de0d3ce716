using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Client.Pacing;
using PushProxy.Delivery;

namespace PushProxy.Forwarding;

/// <summary>
/// The body of an awaited page. Its beginning goes before everything that was pushed or hinted for it. The rest goes after the stylesheets
/// and scripts that are ready: nothing is displayed without them, and most of what a browser looks for in a page is in its head.
/// </summary>
internal sealed class YieldingBody(IHttpResponseBodyFeature inner, PushSchedule schedule, AwaitedPage page) : PassingBody(inner)
{
    private int _passed;
    private bool _yielded;

    /// <summary>Puts such a body into the response of an awaited page.</summary>
    public static void AddTo(HttpContext http, DeliveryRecord record)
    {
        if (record is { Awaited: { } page, Connection.Schedule: { } schedule })
        {
            http.Features.Set<IHttpResponseBodyFeature>(
                new YieldingBody(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), schedule, page));
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_passed < AwaitedPage.MaxBeginning)
        {
            var bytes = Math.Min(buffer.Length, AwaitedPage.MaxBeginning - _passed);
            _passed += bytes;
            await Inner.Stream.WriteAsync(buffer[..bytes], cancellationToken).ConfigureAwait(false);
            page.Begun();
            buffer = buffer[bytes..];
            if (buffer.IsEmpty)
            {
                return;
            }
        }

        if (_yielded)
        {
            await Inner.Stream.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            return;
        }

        _yielded = true;
        try
        {
            await schedule.YieldAsync().ConfigureAwait(false);
            await Inner.Stream.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            schedule.RestWritten();
        }
    }

    protected override void Bypassed() => page.Begun();
}
