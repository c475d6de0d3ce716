using System.Reflection;
using Microsoft.Extensions.Options;
using PushProxy.Cache;
using PushProxy.Inspection;
using PushProxy.Server.Dashboard.Figures;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace PushProxy.Server.Dashboard;

/// <summary>
/// Collects what the page shows. To look over all pages costs more than the rest, so that is done at most once in some seconds, however
/// many ask and however often.
/// </summary>
internal sealed class DashboardSource
{
    /// <summary>How long what was found in all pages is shown again, at least.</summary>
    public static readonly TimeSpan SurveyEvery = TimeSpan.FromSeconds(10);

    /// <summary>To look over all pages takes at most one part of so many of the time, however many pages there are.</summary>
    private const int SurveyShare = 400;

    /// <summary>The maximum number of rows of a list.</summary>
    public const int MaxRows = 100;

    /// <summary>The maximum number of pages and resources that a search shows.</summary>
    public const int MaxFound = 20;

    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly Tally _tally;
    private readonly DateTimeOffset _since;
    private readonly Lock _lock = new();
    private (long At, TimeSpan Took, PageSurvey Pages, IReadOnlyList<KnownShell> Shells)? _seen;

    /// <param name="services">What is asked.</param>
    /// <param name="tally">Counts from now on.</param>
    /// <param name="time">The clock.</param>
    public DashboardSource(IServiceProvider services, Tally tally, TimeProvider time)
    {
        (_services, _tally, _time, _since) = (services, tally, time, time.GetUtcNow());
        Proof = () => services.GetRequiredService<KnownProof>().List();
    }

    /// <summary>Where the comparisons come from. Tests say what they are.</summary>
    public Func<IReadOnlyList<ProofGroup>> Proof { get; set; }

    /// <summary>
    /// Returns what there is to show now, without what only a look at all pages shows. It takes no longer if there are many.
    /// </summary>
    public DashboardData Read() => new()
    {
        Now = _time.GetUtcNow(),
        Since = _since,
        Instance = Environment.MachineName,
        Version = typeof(DashboardSource).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "",
        Proof = Proof(),
        HoldOut = Largest(Get<IOptionsMonitor<PushProxyOptions>>().CurrentValue),
        Counted = _tally.Read(),
        Routes =
        [
            .. Get<HttpCacheStatistics>().List().Select(static t => new RouteFigures(
                t.Name, t.Hits + t.Stale + t.Revalidated + t.Coalesced, t.Misses + t.Bypassed, t.SavedBytes, t.EncodingSavedBytes)),
        ],
        Origins =
        [
            .. Get<IProxyStateLookup>().GetClusters().Select(static c => new OriginHealth(
                c.ClusterId, c.DestinationsState.AllDestinations.Count(IsUp), c.DestinationsState.AllDestinations.Count)),
        ],
        Sharing = _services.GetService<ISharedRecords>() is { } records
            ? new SharingState(records.IsConnected, records.Waiting) : null,
        IsStopping = Get<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested,
    };

    /// <summary>Finds what somebody asks for. Each time, all pages are looked over, by one at a time.</summary>
    public PageSearch Search(string text)
    {
        lock (_lock)
        {
            return Get<PageSurveyor>().Search(new PageQuestion(text), MaxFound, PolicyOf);
        }
    }

    /// <summary>Adds what a look at all pages shows. Who asks meanwhile waits for the same result.</summary>
    public DashboardData Survey(DashboardData data)
    {
        lock (_lock)
        {
            if (_seen is not { } seen || _time.GetElapsedTime(seen.At) >= Max(SurveyEvery, SurveyShare * seen.Took))
            {
                var begin = _time.GetTimestamp();
                var (pages, shells) = (Get<PageSurveyor>().Survey(MaxRows, PolicyOf), Get<KnownShells>().List());
                _seen = seen = (_time.GetTimestamp(), _time.GetElapsedTime(begin), pages, shells);
            }

            return data with { Pages = seen.Pages, Shells = seen.Shells };
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private DeliveryPolicy PolicyOf(string route) => Get<PolicyTable>().Find(
        Get<IProxyStateLookup>().TryGetRoute(route, out var model) ? DeliveryPolicy.NameIn(model.Config.Metadata) : null);

    private static int Largest(PushProxyOptions options) => options.Policies.Values.Append(options.Defaults).Max(static p => p.HoldOut);

    private static bool IsUp(DestinationState destination) =>
        destination.Health is { Active: not DestinationHealth.Unhealthy, Passive: not DestinationHealth.Unhealthy };

    private T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();
}
