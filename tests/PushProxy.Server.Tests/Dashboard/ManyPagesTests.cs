using Microsoft.Extensions.DependencyInjection;
using PushProxy.Inspection;
using PushProxy.Load.Dashboard;
using PushProxy.Server.Dashboard;

namespace PushProxy.Server.Tests.Dashboard;

/// <summary>The dashboard of a site of 100,000 pages.</summary>
public sealed class ManyPagesTests(ManyPagesTests.Program fixture) : IClassFixture<ManyPagesTests.Program>
{
    /// <summary>What any answer may have: a hundred pages in each list, all sections, style and script.</summary>
    private const int MaxBytes = 200_000;

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private readonly HttpClient _client = fixture.Client;

    [Fact]
    public async Task With_100_000_pages_the_answer_is_small_and_all_pages_are_looked_over_once_for_many_polls()
    {
        await _client.GetStringAsync("/?part=live", Cancellation);
        var surveyor = fixture.Shown.Services.GetRequiredService<PageSurveyor>();
        var before = surveyor.Passes;
        var since = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 20; i++)
        {
            var live = await _client.GetByteArrayAsync("/?part=live", Cancellation);
            Assert.InRange(live.Length, 10_000, MaxBytes);
        }

        // On a slow machine, the time of a survey may have come again.
        var spans = (int)(TimeProvider.System.GetElapsedTime(since) / DashboardSource.SurveyEvery) + 1;
        Assert.InRange(surveyor.Passes - before, 0, spans);
        Assert.InRange((await _client.GetByteArrayAsync("/", Cancellation)).Length, 10_000, MaxBytes);
        Assert.InRange((await _client.GetByteArrayAsync("/?q=page", Cancellation)).Length, 1000, MaxBytes);
    }

    [Fact]
    public void The_first_pages_are_those_that_saved_and_wasted_most()
    {
        var survey = fixture.Shown.Services.GetRequiredService<PageSurveyor>().Survey(5, static _ => new DeliveryPolicy());
        Assert.Equal(survey.Saving.OrderByDescending(static p => p.Page.SavedBytes), survey.Saving);
        Assert.Equal(5, survey.Saving.Count);
        Assert.Equal(8_999_995, survey.Saving[0].Page.SavedBytes, 20.0);
        Assert.All(survey.Wasting, static p => Assert.True(p.Page.WastedBytes > 89_000));
        Assert.Equal(Program.Pages, survey.ThinkTimes.Sum());
        Assert.Equal(704, survey.Slowest[0].ThinkTimeMs);
        var list = fixture.Shown.Services.GetRequiredService<KnownPages>().List();
        Assert.Equal(KnownPages.MaxPages, list.Count);
        Assert.Equal(list.OrderByDescending(static p => p.SavedBytes + p.WastedBytes), list);
    }

    public sealed class Program : IAsyncLifetime
    {
        public const int Pages = 100_000;

        internal ShownProgram Shown { get; private set; } = null!;

        public HttpClient Client { get; } = new();

        public async ValueTask InitializeAsync()
        {
            Shown = await ShownProgram.StartAsync(("PushProxy:Learning:NamedBy", "1"));
            Shown.Proof = SampleProof.Of(ProofVerdict.Gain);
            Shown.Learn(Pages, resources: 1);
            Client.BaseAddress = Shown.Dashboard;
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await Shown.DisposeAsync();
        }
    }
}
