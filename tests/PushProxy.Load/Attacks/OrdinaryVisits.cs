using System.Diagnostics;
using System.Globalization;

namespace PushProxy.Load.Attacks;

/// <summary>Visitors who do not attack: they view known pages at a rate and, now and then, one that nobody has seen before.</summary>
/// <param name="url">The proxy.</param>
/// <param name="rate">How many known pages a second.</param>
/// <param name="learns">Whether it is a proxy that learns pages.</param>
internal sealed class OrdinaryVisits(Uri url, int rate, bool learns)
{
    private const int Pages = 20;
    private const int Connections = 8;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20), Patience = TimeSpan.FromSeconds(30);

    private int _new;

    /// <summary>Views pages for a time.</summary>
    public async Task<Seen> RunAsync(TimeSpan time, CancellationToken cancellation)
    {
        var clients = Enumerable.Range(0, Connections).Select(_ => Visitor.NewClient(url, Visitor.OthersAddress)).ToList();
        try
        {
            var learning = learns ? LearnAsync(time, cancellation) : Task.FromResult(new List<double>());
            var pending = new List<Task<(TimeSpan Time, string Decision)>>();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; Stopwatch.GetElapsedTime(start) < time; i++)
            {
                // At its time, whether or not earlier answers have come.
                var due = TimeSpan.FromSeconds((double)i / rate) - Stopwatch.GetElapsedTime(start);
                if (due > TimeSpan.Zero)
                {
                    await Task.Delay(due, cancellation);
                }

                pending.Add(Visitor.GetAsync(
                    clients[i % Connections], string.Create(CultureInfo.InvariantCulture, $"/page/{i % Pages}"), cancellation));
            }

            var visits = await Task.WhenAll(pending);
            return new Seen([.. visits.Select(static v => v.Time.TotalMilliseconds).Order()], [.. (await learning).Order()]);
        }
        finally
        {
            clients.ForEach(static client => client.Dispose());
        }
    }

    /// <returns>Milliseconds from the first view of a new page until it is learned, for one page after the other.</returns>
    private async Task<List<double>> LearnAsync(TimeSpan time, CancellationToken cancellation)
    {
        // What one connection alone was sent is told to no other.
        using var one = Visitor.NewClient(url, Visitor.OthersAddress);
        using var other = Visitor.NewClient(url, Visitor.OthersAddress);
        var (path, learned) = ("", new List<double>());
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < time;)
        {
            path = string.Create(CultureInfo.InvariantCulture, $"/new/{_new++}/page");
            var first = Stopwatch.GetTimestamp();
            while (!await IsLearnedAsync(one) && !await IsLearnedAsync(other) && Stopwatch.GetElapsedTime(first) < Patience)
            {
                await Task.Delay(Look, cancellation);
            }

            learned.Add(Stopwatch.GetElapsedTime(first).TotalMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellation);
        }

        return learned;

        async Task<bool> IsLearnedAsync(HttpClient client) =>
            (await Visitor.GetAsync(client, path, cancellation)).Decision.StartsWith("learned", StringComparison.Ordinal);
    }

    /// <summary>What the visitors noticed, each list in order, in milliseconds.</summary>
    /// <param name="Known">Until the last byte of a known page.</param>
    /// <param name="Learned">Until a new page was learned.</param>
    internal sealed record Seen(List<double> Known, List<double> Learned);
}
