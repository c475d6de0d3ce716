using PushProxy.Testing;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>Tests that start the program in front of an origin of their own, each with other settings.</summary>
public abstract class InFrontOfAnOrigin : IAsyncDisposable
{
    /// <summary>The program's.</summary>
    protected TestCertificate Certificate { get; } = new();

    /// <summary>What stands behind it.</summary>
    protected ScriptedSite Origin { get; } = new();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Origin.DisposeAsync();
        Certificate.Dispose();
    }

    /// <summary>Starts the program by <c>--origin</c>.</summary>
    protected Task<PushProxyProcess> StartAsync(params string[] options) =>
        PushProxyProcess.StartAsync(Certificate, ["--origin", Origin.Url.AbsoluteUri, .. options]);
}
