using System.Globalization;
using PushProxy.Http2.Tests.Support;
using PushProxy.Http2.Tests.Wire;
using Xunit;
using static PushProxy.Http2.Tests.Wire.WireFrame;

namespace PushProxy.Http2.Tests.Properties;

/// <summary>
/// Page views over 20 TLS connections, five pushes each, a fifth of them cancelled at random. PUSHPROXY_VIEWS says how many:
/// 100,000 in the long run. After the first tenth nothing may grow any more.
/// </summary>
[Collection(Alone.Name)]
public class SoakTests
{
    private const int ConnectionCount = 20;
    private const int PushesPerView = 5;

    [Fact]
    public async Task Nothing_fails_and_nothing_grows()
    {
        var views = int.Parse(Environment.GetEnvironmentVariable("PUSHPROXY_VIEWS") ?? "2000", CultureInfo.InvariantCulture);
        var refused = 0;
        await using var server = await TestServer.StartAsync(
            async context =>
            {
                if (context.Request.Path == "/")
                {
                    for (var i = 0; i < PushesPerView; i++)
                    {
                        refused += context.ServerPush().TryPush($"/{i}").IsPushed ? 0 : 1;
                    }
                }

                await context.Response.Body.WriteAsync(new byte[3_000]);
            },
            tls: true);
        var clients = new List<Viewer>();
        for (var i = 0; i < ConnectionCount; i++)
        {
            clients.Add(new Viewer(await server.ConnectTlsAsync(), new Random(i)));
        }

        var first = Math.Max(views / 10, 1_000); // pools and tables need some views to fill, however few there are in all
        await ViewAsync(clients, first);
        await server.QuietAsync();
        var (memory, streams) = Measure(server);
        await ViewAsync(clients, views - first);
        await server.QuietAsync();
        var (memoryAfter, streamsAfter) = Measure(server);
        foreach (var client in clients)
        {
            await client.Wire.DisposeAsync();
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{views} views, {clients.Sum(c => c.Promised)} promises, {clients.Sum(c => c.Cancelled)} cancelled; "
            + $"heap {memory / 1024} kB after a tenth, {memoryAfter / 1024} kB at the end; {streams} and {streamsAfter} streams remembered");
        Assert.Equal(0, refused);
        Assert.Equal(views * PushesPerView, clients.Sum(c => c.Promised));
        Assert.InRange(clients.Sum(c => c.Cancelled), views * 8 / 10, views * 12 / 10);
        Assert.InRange(streamsAfter, 0, ConnectionCount * 100);
        Assert.True(memoryAfter < memory + (4 << 20), $"{memory} octets of heap after a tenth, {memoryAfter} at the end.");
        Assert.Empty(server.Log);
    }

    private static Task ViewAsync(List<Viewer> clients, int views)
        => Task.WhenAll(clients.Select(client => Task.Run(() => client.ViewAsync(views / ConnectionCount))));

    private static (long Memory, int Streams) Measure(TestServer server)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return (GC.GetTotalMemory(forceFullCollection: true), server.Connections.Sum(connection => connection.State.Streams.Count));
    }

    private sealed class Viewer(WireClient wire, Random random)
    {
        private int _next = 1;
        private long _unacknowledged;

        public WireClient Wire => wire;

        public int Promised { get; private set; }

        public int Cancelled { get; private set; }

        public async Task ViewAsync(int views)
        {
            while (views-- > 0)
            {
                await ViewAsync();
                wire.Forget();
            }
        }

        private async Task ViewAsync()
        {
            var open = new HashSet<int> { _next };
            await wire.SendAsync(GetOverTls(_next, "/"));
            _next += 2;
            while (open.Count > 0)
            {
                var frame = await wire.ReadAsync() ?? throw new WireException("The connection ended.");
                WireException.ThrowIf(frame.Type is "GOAWAY" or "RST_STREAM", frame.ToString());
                if (frame.Type == "DATA" && (_unacknowledged += frame.Payload.Length) > 20_000)
                {
                    await wire.SendAsync(Window(0, (int)_unacknowledged));
                    _unacknowledged = 0;
                }

                if (frame.Type == "PUSH_PROMISE")
                {
                    Promised++;
                    open.Add(frame.Number);
                    if (random.Next(5) == 0)
                    {
                        Cancelled++;
                        open.Remove(frame.Number);
                        await wire.SendAsync(Reset(frame.Number));
                    }
                }
                else if (frame.IsEnd)
                {
                    open.Remove(frame.Stream);
                }
            }
        }
    }
}
