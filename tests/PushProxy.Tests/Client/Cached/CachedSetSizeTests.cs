using System.Globalization;
using System.Runtime.CompilerServices;
using PushProxy.Client.Cached;
using PushProxy.Model;
using Xunit;
using static PushProxy.Tests.Client.Cached.Cookies;

namespace PushProxy.Tests.Client.Cached;

/// <summary>The figures in docs/client-cache.md.</summary>
public class CachedSetSizeTests(ITestOutputHelper output)
{
    private const int Questions = 200_000;
    private const int Rounds = 20;
    private static readonly int[] Counts = [10, 20, 50, 100, 200, 300];

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(300)]
    public void At_most_one_question_in_a_hundred_is_wrongly_answered_yes(int count)
    {
        var rate = WrongRate(count);
        output.WriteLine($"{count}: {rate:P3}");
        Assert.InRange(rate, 0, 0.01);

        // It is what the width of the hash makes it, no better: else this would measure something else.
        Assert.InRange(rate, 0.8 * count / 65_536, 1.2 * count / 65_536);
    }

    [Fact]
    public void A_hundred_resources_take_no_more_than_512_bytes_whatever_their_expiry()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var text = Text(new Random(seed), 100, Spread(new Random(seed), 100));
            Assert.InRange(CacheCookie.Name.Length + 1 + text.Length, 1, 512);
        }
    }

    [Fact]
    public void The_table_in_the_documentation_is_true()
    {
        var lines = Counts.Select(n => string.Create(CultureInfo.InvariantCulture,
            $"| {n} | {Longest(n, Together)} | {Longest(n, Five)} | {Longest(n, Spread)} | {100.0 * n / 65_536:0.00} % | {100 * WrongRate(n):0.00} % |")).ToList();
        lines.ForEach(output.WriteLine);
        var page = File.ReadAllText(DocumentationPath());
        Assert.All(lines, line => Assert.Contains(line, page, StringComparison.Ordinal));
    }

    /// <summary>Name and value, in bytes: the longest of some random ones.</summary>
    private static int Longest(int count, Func<Random, int, TimeSpan[]> lifetimes) => Enumerable.Range(0, Rounds)
        .Max(seed => CacheCookie.Name.Length + 1 + Text(new Random(seed), count, lifetimes(new Random(seed + 1000), count)).Length);

    private static TimeSpan[] Together(Random random, int count) => [.. Enumerable.Repeat(TimeSpan.FromHours(1), count)];

    /// <summary>Five page views of an hour's visit, each with what was new in it.</summary>
    private static TimeSpan[] Five(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => TimeSpan.FromDays(1) + TimeSpan.FromHours(3 * random.Next(5)))];

    /// <summary>As many different ones as there can be: from minutes to a year, each order of magnitude as likely as any other.</summary>
    private static TimeSpan[] Spread(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => TimeSpan.FromMinutes(2 + Math.Pow(525_000, random.NextDouble())))];

    private static string Text(Random random, int count, TimeSpan[] lifetimes)
    {
        // Different in the bits that are kept, so that there are as many entries as wanted.
        var hashes = new HashSet<ushort>();
        while (hashes.Count < count)
        {
            hashes.Add((ushort)random.Next(65_536));
        }

        return Add("", hashes.Select((h, i) => (new ResourceVersion((ulong)h << 48), Now + lifetimes[i])));
    }

    private static double WrongRate(int count)
    {
        var wrong = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var text = Text(new Random(round), count, Together(new Random(round), count));
            var random = new Random(round + 500);
            wrong += Have(text, Enumerable.Range(0, Questions / Rounds * 10).Select(_ => Version(random.Next()))).Count;
        }

        return wrong / (10.0 * Questions);
    }

    private static string DocumentationPath([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "../../../../docs/client-cache.md");
}
