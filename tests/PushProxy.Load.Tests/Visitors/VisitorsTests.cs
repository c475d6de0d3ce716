using PushProxy.Testing;
using PushProxy.Testing.Proxies;

namespace PushProxy.Load.Tests.Visitors;

/// <summary>The visitors, in front of the demo site.</summary>
public sealed class VisitorsTests
{
    [Theory]
    [InlineData(VisitProtocol.Http1)]
    [InlineData(VisitProtocol.Http2)]
    [InlineData(VisitProtocol.Push)]
    internal async Task All_that_was_begun_is_accounted_for(VisitProtocol protocol)
    {
        using var certificate = new TestCertificate();
        await using var proxy = await PushProxyProcess.StartAsync(certificate);
        var ticks = new Ticks();
        var result = await Load.Visitors.RunAsync(
            new VisitPlan
            {
                Url = proxy.Secure,
                Protocol = protocol,
                Rate = 30,
                Duration = TimeSpan.FromSeconds(3),
                Returning = 0.4,
                Cancelled = 0.2,
                Certificate = certificate.CertificateFile,
            },
            ticks,
            TestContext.Current.CancellationToken);
        var (views, requests, pushes) = (result.Counts.Views, result.Counts.Requests, result.Counts.Pushes);
        Assert.Equal(90, views.Started + views.Late);
        Assert.Equal(views.Started, views.Finished + views.Failed + views.Cancelled);
        Assert.Empty(result.Samples);
        Assert.InRange(views.Cancelled, 1, 60);
        Assert.InRange(views.Returning, 1, 60);
        Assert.Equal(requests.Sent, requests.Answered + requests.Failed + requests.Cancelled + requests.Retried);
        Assert.Equal(requests.Answered, result.Status.Values.Sum());
        Assert.Equal(pushes.Promised, pushes.Used + pushes.Cancelled + pushes.Unused + pushes.Failed + pushes.Abandoned);
        foreach (var hints in new[] { result.Counts.EarlyHints, result.Counts.Links })
        {
            Assert.Equal(hints.Resources, hints.Used + hints.Unused + hints.Cached + hints.Abandoned);
        }

        Assert.Equal(protocol == VisitProtocol.Push, pushes.Used > 0);
        Assert.Equal(protocol == VisitProtocol.Http2, result.Counts.EarlyHints.Used > 0);
        Assert.InRange(requests.FromCache, 1, long.MaxValue);
        Assert.Equal(views.Finished, result.All.Complete.Count);
        Assert.Equal(result.Counts.Requests.Bytes, ticks.Seen.Sum(static t => t.Counts.Requests.Bytes));
    }

    private sealed class Ticks : IProgress<VisitTick>
    {
        public List<VisitTick> Seen { get; } = [];

        public void Report(VisitTick value) => Seen.Add(value);
    }
}
