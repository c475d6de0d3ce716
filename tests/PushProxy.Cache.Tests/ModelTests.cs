using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using PushProxy.Cache.Tests.Model;
using Xunit;

namespace PushProxy.Cache.Tests;

/// <summary>
/// Random sequences of requests, responses, clocks, validators, variants, removals and broken connections, against a model of what is
/// allowed. PUSHPROXY_CACHE_SEQUENCES says how many: a few hundred in the suite, at least 100,000 in the long run.
/// PUSHPROXY_CACHE_SEED repeats a run.
/// </summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Nobody_gets_what_is_private_or_too_old_or_mixed()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("PUSHPROXY_CACHE_SEQUENCES") ?? "300", CultureInfo.InvariantCulture);
        var (sequences, hits, shared, confirmed) = (0, 0, 0, 0);
        var isFirst = true;
        var property = Prop.ForAll(Choices, choices =>
        {
            var sequence = new Sequence(choices);
            var wrong = sequence.RunAsync().GetAwaiter().GetResult();
            if (wrong is not null && isFirst)
            {
                // Making it smaller takes long.
                isFirst = false;
                output.WriteLine($"{wrong}\n{sequence.Log}");
            }

            sequences++;
            hits += sequence.Hits;
            shared += sequence.Shared;
            confirmed += sequence.Confirmed;
            return (wrong is null).Label($"{wrong}\n{sequence.Log}");
        });
        var config = Config.QuickThrowOnFailure.WithMaxTest(count).WithStartSize(100).WithEndSize(400);
        if (ulong.TryParse(Environment.GetEnvironmentVariable("PUSHPROXY_CACHE_SEED"), CultureInfo.InvariantCulture, out var seed))
        {
            config = config.WithReplay(seed, 1);
        }

        await Task.Run(() => Check.One(config, property), TestContext.Current.CancellationToken);
        output.WriteLine($"{sequences} sequences, {hits} answers from the store, {shared} shared, {confirmed} validated");
        Assert.True(
            hits > count && shared > count / 20 && confirmed > count / 10, "Hardly anything was stored: the test has lost its point.");
    }

    [Theory]
    [InlineData("0000000000000000000075005F000000000000B60058000B")]
    public async Task What_failed_once_is_right(string choices)
    {
        for (var i = 0; i < 20; i++)
        {
            var sequence = new Sequence(Convert.FromHexString(choices));
            Assert.Null(await sequence.RunAsync() is { } wrong ? $"{i} {wrong}\n{sequence.Log}" : null);
        }
    }

    private static Arbitrary<byte[]> Choices => ArbMap.Default.ArbFor<byte[]>();
}
