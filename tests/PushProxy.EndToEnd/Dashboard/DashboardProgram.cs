using PushProxy.Load.Dashboard;
using PushProxy.Testing.Browsers;
using Xunit;

namespace PushProxy.EndToEnd.Dashboard;

/// <summary>The program with some pages and comparisons, and a Chromium that looks at it.</summary>
public sealed class DashboardProgram : IAsyncLifetime
{
    internal ShownProgram Shown { get; private set; } = null!;

    internal Browser Browser { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Shown = await ShownProgram.StartAsync(("PushProxy:Learning:NamedBy", "1"));
        Shown.Proof = SampleProof.Of(ProofVerdict.Gain);
        Shown.Learn(150, resources: 5);
        Browser = await Browser.StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (Browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Shown?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
