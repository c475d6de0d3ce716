using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace PushProxy.Tests.Forwarding;

/// <summary>A client that ends each promised stream by a window that overflows does not make the origin answer again and again.</summary>
public sealed class OverflowingWindowTests
{
    private const int Views = 10;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_refused_is_not_asked_of_the_origin_with_every_view(bool byWindow)
    {
        var scripts = 0;
        await using var site = await ProxiedSite.StartAsync(
            http =>
            {
                if (http.Request.Path == "/")
                {
                    return ProxiedSite.Html(http, "<script src=/a.js></script><script src=/b.js></script><script src=/c.js></script>");
                }

                Interlocked.Increment(ref scripts);
                http.Response.ContentType = "text/javascript";
                http.Response.Headers.ETag = "\"1\"";
                http.Response.Headers.CacheControl = "max-age=3600";
                return http.Response.WriteAsync(new string(' ', 150_000));
            },
            http2: true);
        await site.UntilAsync("learned");
        foreach (var path in new[] { "/a.js", "/b.js", "/c.js" })
        {
            await site.GetAsync(path);
        }

        using var pushes = new Counters(site, "pushproxy.pushes");
        var before = Volatile.Read(ref scripts);
        await using var client = await FrameClient.ConnectAsync(new Uri(site.Address));
        var ended = 0;
        for (var i = 0; i < Views; i++)
        {
            ended += await ViewAsync(client, byWindow);

            // What was refused is noted off the request's way.
            await pushes.UntilAsync(ended);
        }

        Assert.InRange(ended, 3, 6);
        Assert.InRange(Volatile.Read(ref scripts) - before, 0, 6);
    }

    /// <summary>Views the page, and ends each promised stream.</summary>
    /// <returns>How many streams were promised.</returns>
    private static async Task<int> ViewAsync(FrameClient client, bool byWindow)
    {
        var stream = await client.GetAsync("/");
        var (promised, reset, over) = (0, 0, false);
        while (!over || (byWindow && reset < promised))
        {
            var (type, flags, id, payload) = await client.ReadAsync();
            switch (type)
            {
                case 3 when (id & 1) == 0:
                    Assert.Equal(3, payload[3]); // FLOW_CONTROL_ERROR
                    reset++;
                    break;
                case 5:
                    promised++;
                    var pushed = BinaryPrimitives.ReadInt32BigEndian(payload);
                    await (byWindow ? OverflowAsync(client, pushed) : client.SendAsync(3, 0, pushed, [0, 0, 0, 8]));
                    break;
                default:
                    Assert.NotEqual(7, type);
                    break;
            }

            over |= id == stream && type <= 1 && (flags & 1) != 0;
        }

        return promised;
    }

    // Twice: by then the stream may have used up the window it began with.
    private static async Task OverflowAsync(FrameClient client, int pushed)
    {
        await client.SendAsync(8, 0, pushed, [0x7f, 0xff, 0xff, 0xff]);
        await client.SendAsync(8, 0, pushed, [0x7f, 0xff, 0xff, 0xff]);
    }
}
