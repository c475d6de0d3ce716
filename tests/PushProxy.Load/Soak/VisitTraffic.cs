using System.Globalization;
using PushProxy.Load.Soak.Faults;
using PushProxy.Load.Soak.Origin;
using PushProxy.Load.Soak.Verdict;

namespace PushProxy.Load.Soak;

/// <summary>
/// Visitors of one proxy, of all protocols, some of whom have been here and some of whom break off. They come in rounds, ten or more: in
/// each, connections become more, as visitors stay who may come back. So memory at the beginning and at the end of a run is compared over
/// the same times of a round.
/// </summary>
/// <param name="proxy">Whom they visit.</param>
/// <param name="faults">Tells the time, and which errors are the origin's.</param>
/// <param name="length">Of the run.</param>
/// <param name="isExcused">Whether an error counts as the origin's while that is unwell.</param>
internal sealed class VisitTraffic(Uri proxy, FaultLog faults, TimeSpan length, bool isExcused = true)
{
    private const int MostSamples = 30;
    private static readonly TimeSpan LongestRound = TimeSpan.FromSeconds(60);

    // For the last views, and for the visitors' program to end and begin again.
    private static readonly TimeSpan Leaving = TimeSpan.FromSeconds(0.5);

    // Errors are told by the second, and a second late.
    private static readonly TimeSpan TickSpan = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TellingTakes = TimeSpan.FromSeconds(1);
    private readonly TimeSpan _round = length / 10 < LongestRound ? length / 10 : LongestRound;
    private readonly Lock _lock = new();
    private readonly List<string> _samples = [];
    private long _views;
    private long _requests;
    private long _pushes;
    private long _errors;
    private long _excused;

    /// <summary>Where to connect to, if it is not the port of the proxy's URL.</summary>
    public int? Port { get; init; }

    /// <summary>What they speak; several share the rate.</summary>
    public IReadOnlyList<VisitProtocol> Protocols { get; init; } = Enum.GetValues<VisitProtocol>();

    /// <summary>So far.</summary>
    public VisitsSeen Seen
    {
        get
        {
            lock (_lock)
            {
                return new VisitsSeen(_views, _requests, _pushes, _errors, _excused, [.. _samples]);
            }
        }
    }

    /// <summary>Lets them come, so many a second in all.</summary>
    public Task RunAsync(double rate, CancellationToken cancellation) =>
        Task.WhenAll(Protocols.Select(protocol => VisitAsync(protocol, rate / Protocols.Count, cancellation)));

    private async Task VisitAsync(VisitProtocol protocol, double rate, CancellationToken cancellation)
    {
        for (var round = 1; _round * round <= length; round++)
        {
            // The last view of a round may take its time: the next round ends when it should all the same.
            var left = (_round * round) - faults.Now - Leaving;
            if (left < TimeSpan.FromSeconds(1))
            {
                continue;
            }

            var plan = new VisitPlan
            {
                Url = proxy,
                Port = Port,
                Pages = SoakSite.PagePaths,
                Protocol = protocol,
                Rate = rate,
                Duration = left,
                Returning = 0.5,
                Cancelled = 0.1,
                Insecure = true,
                Seed = round,
            };
            Keep(await Visitors.RunAsync(plan, new Ticks(this), cancellation));
        }
    }

    private TimeSpan Now => faults.Now;

    private bool Excuses(TimeSpan from, TimeSpan to) => isExcused && faults.Excuses(from, to);

    private void Keep(VisitResult result)
    {
        lock (_lock)
        {
            foreach (var error in result.Samples)
            {
                var at = faults.At(error.Time);
                if (_samples.Count < MostSamples && !Excuses(at - TickSpan, at))
                {
                    _samples.Add(
                        string.Create(CultureInfo.InvariantCulture, $"at {at.TotalSeconds:F1} s: {error.Kind} {error.Url} {error.What}"));
                }
            }
        }
    }

    // What was counted since the tick before, which was told then. Where processor time is short ticks are late, and tell of more than a
    // second.
    private void Add(VisitCounts counts, TimeSpan before)
    {
        var now = faults.Now;
        var excused = Excuses(before - TellingTakes, now);
        lock (_lock)
        {
            _views += counts.Views.Started;
            _requests += counts.Requests.Sent;
            _pushes += counts.Pushes.Promised;
            _errors += excused ? 0 : counts.Errors;
            _excused += excused ? counts.Errors : 0;
        }
    }

    private sealed class Ticks(VisitTraffic traffic) : IProgress<VisitTick>
    {
        private TimeSpan _last = traffic.Now;

        public void Report(VisitTick value)
        {
            traffic.Add(value.Counts, _last);
            _last = traffic.Now;
        }
    }
}
