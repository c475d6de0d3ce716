using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using PushProxy.Http2.Tests.Support;
using PushProxy.Http2.Tests.Wire;
using Xunit;

namespace PushProxy.Http2.Tests.Properties;

/// <summary>
/// Random interleavings of requests, uploads, pushes, hints, resets, settings, windows, pings and priorities, over random
/// splits. PUSHPROXY_SEQUENCES says how many: a few hundred in CI, at least 100,000 in the long run (see docs/http2.md).
/// </summary>
public class InterleavingTests
{
    [Fact]
    public async Task Whatever_a_client_does_it_gets_what_the_rfc_owes_it()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("PUSHPROXY_SEQUENCES") ?? "300", CultureInfo.InvariantCulture);
        long frames = 0;
        long promises = 0;
        var sequences = 0;
        await using var server = await TestServer.ForFramesAsync(Serve);
        var property = Prop.ForAll(Arbitrary(), choices =>
        {
            var rules = RunAsync(server, choices).GetAwaiter().GetResult();
            Interlocked.Add(ref frames, rules.Frames);
            Interlocked.Add(ref promises, rules.Promises);
            Interlocked.Increment(ref sequences);
            return true;
        });
        await Task.Run(
            () => Check.One(Config.QuickThrowOnFailure.WithMaxTest(count).WithStartSize(20).WithEndSize(200), property),
            TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper!.WriteLine($"{sequences} sequences, {frames} frames, {promises} promises");
        Assert.True(promises > count, "Hardly anything was pushed: the test has lost its point.");
        Assert.Empty(server.Log);
    }

    private static Arbitrary<byte[]> Arbitrary() => ArbMap.Default.ArbFor<byte[]>();

    private static async Task<WireRules> RunAsync(TestServer server, byte[] choices)
    {
        var blocks = choices.Length > 0 ? choices[0] % 4 : 0;
        var wire = server.Open(blockSize: blocks switch { 0 => 0, 1 => 11, 2 => 100, _ => 1_000 });
        await new Interleaving(wire, choices).RunAsync();
        await wire.DisposeAsync();
        server.Connections.TryDequeue(out var connection);
        WireException.ThrowIf(connection!.State.PushesInFlight != 0 || connection.State.ToClient.Count != 0, "Something was left behind.");
        return wire.Rules;
    }

    private static async Task Serve(HttpContext context)
    {
        var query = context.Request.Query;
        if (query["yield"] == "1")
        {
            await Task.Yield();
        }

        for (var i = Number(query, "push"); i > 0; i--)
        {
            context.ServerPush().TryPush($"/r?size={Number(query, "pushed")}", i == 1 ? [new("x-long", new string('l', 1_000))] : null);
        }

        if (Number(query, "hint") == 1)
        {
            _ = context.SendEarlyHintsAsync(["</r>; rel=preload"]);
        }

        for (var i = Number(query, "head"); i > 0; i--)
        {
            context.Response.Headers[$"x-{i}"] = $"{i % 3}";
        }

        if (HttpMethods.IsPost(context.Request.Method))
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
        }

        await context.Response.Body.WriteAsync(new byte[Number(query, "size")]);
    }

    private static int Number(IQueryCollection query, string name)
        => int.TryParse(query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
