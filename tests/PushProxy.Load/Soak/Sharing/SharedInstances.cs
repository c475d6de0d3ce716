using System.Diagnostics;
using System.Globalization;
using PushProxy.Load.Instances;
using PushProxy.Load.Soak.Faults;
using PushProxy.Load.Soak.Origin;
using PushProxy.Load.Soak.Watching;
using PushProxy.Testing.Stores;

namespace PushProxy.Load.Soak.Sharing;

/// <summary>
/// Two more instances of PushProxy, which share what they learn through a Redis that is not always there. Their origin is one that is
/// always well, so no failure of theirs is excused.
/// </summary>
internal sealed class SharedInstances : IAsyncDisposable
{
    private static readonly TimeSpan ShortestOutage = TimeSpan.FromSeconds(2), LongestOutage = TimeSpan.FromSeconds(12);
    private readonly Stack<IAsyncDisposable> _started;
    private int _learned;

    private SharedInstances(
        Stack<IAsyncDisposable> started, RedisProcess redis, WatchedProcess first, WatchedProcess second, FaultLog faults, TimeSpan length)
    {
        (_started, Redis, First, Second) = (started, redis, first, second);
        Visits =
        [
            new(first.Url, faults, length, isExcused: false) { Protocols = [VisitProtocol.Push] },
            new(first.Url, faults, length, isExcused: false) { Protocols = [VisitProtocol.Http2], Port = second.Url.Port },
        ];
    }

    /// <summary>What they share.</summary>
    public RedisProcess Redis { get; }

    /// <summary>One of them.</summary>
    public WatchedProcess First { get; }

    /// <summary>The other.</summary>
    public WatchedProcess Second { get; }

    /// <summary>The visitors of each, by one protocol: how they come has nothing to do with Redis. All use the first one's name, or they would be two sites.</summary>
    public IReadOnlyList<VisitTraffic> Visits { get; }

    /// <summary>What should not be: an instance that has ended, and what their logs should not have.</summary>
    public IEnumerable<string> Errors => new[] { First, Second }.SelectMany(static (p, i) => p.Log.Errors
        .Concat(p.Lives ? [] : [$"instance {i + 1} has ended: {string.Join('\n', p.Log.Last.TakeLast(20))}"]));

    /// <summary>Starts all of it.</summary>
    /// <param name="folder">Where each has a folder of its own.</param>
    /// <param name="tls">The certificate, as arguments.</param>
    /// <param name="faults">Tells the time.</param>
    /// <param name="length">Of the run.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<SharedInstances> StartAsync(
        string folder, string[] tls, FaultLog faults, TimeSpan length, CancellationToken cancellation)
    {
        var started = new Stack<IAsyncDisposable>();
        try
        {
            var redis = await RedisProcess.StartAsync();
            started.Push(redis);
            var origin = await OriginProcess.StartAsync(cancellation);
            started.Push(origin);
            async Task<WatchedProcess> Start(string name)
            {
                var program = new ProxyProgram(
                    name, "pushproxy",
                    [
                        "run", "--origin", origin.Url.AbsoluteUri, "--listen", "https://127.0.0.1:0",
                        "--PushProxy:Management:Listen=http://127.0.0.1:0", $"--PushProxy:Shared:Redis={redis.Connection}",
                        .. ForwardingOnly.Arguments, .. tls,
                    ])
                {
                    HasManagement = true,
                };
                var own = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
                var process = await WatchedProcess.StartAsync(program, own, cancellation);
                started.Push(process);
                return process;
            }

            return new SharedInstances(started, redis, await Start("first"), await Start("second"), faults, length);
        }
        catch
        {
            await StopAsync(started);
            throw;
        }
    }

    /// <summary>Takes Redis away, lets one instance learn meanwhile, and gives it back: both must know the same soon.</summary>
    /// <param name="kind">How.</param>
    /// <param name="slot">How long it may take.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What came of it.</returns>
    public async Task<string> LoseAsync(FaultKind kind, TimeSpan slot, CancellationToken cancellation)
    {
        var outage = TimeSpan.FromSeconds(Math.Clamp(slot.TotalSeconds / 3, ShortestOutage.TotalSeconds, LongestOutage.TotalSeconds));
        var begin = Stopwatch.GetTimestamp();
        switch (kind)
        {
            case FaultKind.RedisHalt:
                Redis.Halt();
                break;
            case FaultKind.RedisRestart:
                await Redis.KillAsync();
                break;
            default:
                await Redis.SayAsync("flushall");
                outage = TimeSpan.Zero;
                break;
        }

        var page = string.Create(CultureInfo.InvariantCulture, $"{SoakSite.Fresh}/{++_learned}");
        try
        {
            await ToldPages.LearnAsync(new Uri(First.Url, page), First.Url.Authority, First.Management!, cancellation);
            if (outage - Stopwatch.GetElapsedTime(begin) is { Ticks: > 0 } left)
            {
                await Task.Delay(left, cancellation);
            }

            if (kind != FaultKind.RedisFlush && await ToldPages.HasAsync(Second.Management!, First.Url.Authority + page, cancellation))
            {
                throw new SoakFailureException("Redis was not gone: what one instance has learned came to the other");
            }
        }
        finally
        {
            // Whatever happened, the next one begins with a Redis.
            await BackAsync(kind);
        }

        var gone = Stopwatch.GetElapsedTime(begin);
        var (took, different) = await ToldPages.UntilSameAsync(
            First.Management!, Second.Management!, First.Url.Authority + page, Stopwatch.GetTimestamp(), cancellation);
        return different is null
            ? string.Create(CultureInfo.InvariantCulture, $"both know the same {took.TotalSeconds:F1} s after {gone.TotalSeconds:F1} s")
            : throw new SoakFailureException($"{ToldPages.Limit.TotalSeconds} s after Redis was back, they differ: {different}");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => StopAsync(_started);

    private async Task BackAsync(FaultKind kind)
    {
        if (kind == FaultKind.RedisHalt)
        {
            Redis.GoOn();
        }
        else if (kind == FaultKind.RedisRestart)
        {
            await Redis.StartAgainAsync();
        }
    }

    private static async ValueTask StopAsync(Stack<IAsyncDisposable> started)
    {
        while (started.TryPop(out var one))
        {
            await one.DisposeAsync();
        }
    }
}
