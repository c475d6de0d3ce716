using PushProxy.EndToEnd.PassThrough.Cases;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Comparing;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>Sends the same requests through stock YARP and through another proxy, to the same origin, and compares both ends.</summary>
public abstract class PassThroughTests(ProxyPair pair)
{
    private static readonly PassThroughCase[] All =
    [
        .. Streaming.All, .. Responses.All, .. Requests.All, .. BadPages.All, .. BadOrigins.All,
    ];

    /// <summary>The names of all cases.</summary>
    public static TheoryData<string> Names => [.. All.Select(c => c.Name)];

    /// <summary>One case over every wire it applies to, twice or more: a page is first unknown, later learned.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Passes_as_stock_YARP_passes_it(string name)
    {
        var passing = All.Single(c => c.Name == name);
        if (passing.Origin is not null)
        {
            pair.Site.Origin.On(passing.Path, passing.Origin);
        }

        for (var round = 1; round <= passing.Rounds; round++)
        {
            var differences = await Task.WhenAll(
                Enum.GetValues<Wires>().Where(wire => IsSingle(wire) && passing.On.HasFlag(wire))
                    .Select(wire => CompareAsync(passing, wire)));
            Assert.True(differences.All(d => d.Length == 0), $"Round {round}:\n{string.Concat(differences)}");
        }
    }

    private static bool IsSingle(Wires wire) => int.PopCount((int)wire) == 1;

    private async Task<string> CompareAsync(PassThroughCase passing, Wires wire)
    {
        var both = await Task.WhenAll(SendAsync(pair.Stock, passing, wire), SendAsync(pair.Other, passing, wire));
        var ((stock, stockOrigin), (other, otherOrigin)) = (both[0], both[1]);
        Assert.True(Outcome(stock) == passing.Outcome, $"{wire}: stock YARP was expected to give '{passing.Outcome}'. It gave\n{stock}");
        if (pair.OtherIsOurs && passing.OurOutcome is { } ours)
        {
            return Outcome(other) == ours ? "" : $"{wire}: '{ours}' was expected, and came\n{other}";
        }

        var client = Comparison.Differences(stock, other, pair.OtherIsOurs);
        var isHeardOnce = passing.MayReachOrigin && (stockOrigin.Lines.Count == 0 || otherOrigin.Lines.Count == 0);
        var origin = isHeardOnce ? [] : Comparison.Differences(stockOrigin, otherOrigin, allowOurs: false);
        return client.Count + origin.Count == 0 ? "" : $"""
            {wire}, at the client (- stock, + {pair.Other.GetType().Name}):
              {string.Join("\n  ", client)}
            at the origin:
              {string.Join("\n  ", origin)}
            stock in full:
              {stock.ToString().ReplaceLineEndings("\n  ")}

            """;
    }

    private static string Outcome(Transcript client)
    {
        var status = client.Lines.FirstOrDefault(l => l.StartsWith("HTTP/", StringComparison.Ordinal))?.Split(' ')[1];
        return status + client.Lines[^1] switch
        {
            var end when end.StartsWith("end: complete", StringComparison.Ordinal) => " complete",
            "end: we hung up" => " left",
            _ => " cut off",
        };
    }

    private async Task<(Transcript Client, Transcript Origin)> SendAsync(IProxy proxy, PassThroughCase passing, Wires wire)
    {
        var exchange = Exchange.Begin();
        IClient client = wire == Wires.Http2 ? pair.Http2 : pair.Raw;
        var transcript = await client.SendAsync(
            wire == Wires.Http1 ? proxy.Cleartext : proxy.Secure, passing.Request(passing.Path), exchange);
        if (passing.OriginNoticesTheEnd)
        {
            await exchange.OriginDone.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }

        return (transcript, exchange.OriginSaw);
    }
}

/// <summary>The product against stock YARP.</summary>
public sealed class PushProxyAgainstStockTests(PushProxyAndStock pair) : PassThroughTests(pair), IClassFixture<PushProxyAndStock>;

/// <summary>Stock YARP against itself: that the comparison finds nothing where there is nothing.</summary>
public sealed class StockAgainstStockTests(StockAndStock pair) : PassThroughTests(pair), IClassFixture<StockAndStock>;
