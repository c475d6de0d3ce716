using Microsoft.AspNetCore.Http;
using PushProxy.Http2.Tests.Support;
using PushProxy.Http2.Tests.Wire;
using Xunit;
using static PushProxy.Http2.Tests.Wire.WireFrame;

namespace PushProxy.Http2.Tests.Properties;

/// <summary>A connection that pushes nothing allocates nothing per request that Kestrel alone would not.</summary>
[Collection(Alone.Name)]
public class AllocationTests
{
    [Fact]
    public async Task A_request_allocates_no_more_than_without_the_layer()
    {
        await using var plain = await TestServer.StartAsync(Answer, inMemory: true, withPush: false);
        await using var pushing = await TestServer.StartAsync(Answer, inMemory: true);
        await using var without = new Requests(await plain.ConnectAsync());
        await using var with = new Requests(await pushing.ConnectAsync());
        var more = new List<double>();
        for (var round = 0; round < 9; round++)
        {
            var (a, b) = (await without.OctetsAsync(), await with.OctetsAsync());
            more.Add(b - a);
        }

        // The pools of both have long been filled in the first rounds; one object a request would be 24 octets at least.
        Assert.InRange(more.Order().ElementAt(more.Count / 2), double.NegativeInfinity, 12);
    }

    private static Task Answer(HttpContext context) => context.Response.Body.WriteAsync("answer"u8.ToArray()).AsTask();

    private sealed class Requests(WireClient wire) : IAsyncDisposable
    {
        private const int Count = 1_000;
        private int _next = 1;

        public async Task<double> OctetsAsync()
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Count; i++)
            {
                await wire.SendAsync(Get(_next, "/"), Window(0, 6));
                await wire.EndOfAsync(_next);
                wire.Forget();
                _next += 2;
            }

            return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Count;
        }

        public ValueTask DisposeAsync() => wire.DisposeAsync();
    }
}
