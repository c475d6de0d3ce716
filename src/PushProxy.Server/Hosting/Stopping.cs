using System.Runtime.InteropServices;
using PushProxy.Server.Configuration;

namespace PushProxy.Server.Hosting;

/// <summary>
/// How the program stops. From the first signal on it is not ready, and it still accepts connections for
/// <see cref="ServerOptions.DrainTime"/>: so a balancer sends the next ones elsewhere before they would be refused. Then the listeners are
/// closed, HTTP/2 clients are told to open no more streams (GOAWAY), and requests under way may end. A second signal is somebody who does
/// not want to wait: it ends all that.
/// </summary>
internal sealed partial class Stopping(IHostApplicationLifetime lifetime, TimeSpan drainTime, ILogger<Stopping> logger)
    : IHostedLifecycleService, IDisposable
{
    /// <summary>What requests under way get after the drain.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _hurry = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private int _heard;
    private bool _hasStarted;

    /// <summary>Adds it, and gives requests under way their time beside that of the drain.</summary>
    public static void AddTo(IServiceCollection services, TimeSpan drainTime)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = drainTime + s_patience);
        services.AddSingleton(provider => new Stopping(
            provider.GetRequiredService<IHostApplicationLifetime>(), drainTime, provider.GetRequiredService<ILogger<Stopping>>()));
        services.AddHostedService(static provider => provider.GetRequiredService<Stopping>());
    }

    /// <summary>Waits until the program is told to stop, and stops it.</summary>
    public async Task StopWhenToldAsync(IHost app, CancellationToken cancellation)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStopping.Register(told.SetResult))
        await using (cancellation.Register(lifetime.StopApplication))
        {
            await told.Task;
        }

        await app.StopAsync(_hurry.Token);
    }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // The host's own handlers stop the program at the first signal, and make nothing of a second one.
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, Hear));
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _hasStarted = true;
        return Task.CompletedTask;
    }

    // Before any service stops, also the one that listens.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A start that failed is stopped, too. Nobody was sent there.
        if (_hasStarted && drainTime > TimeSpan.Zero)
        {
            LogDraining(drainTime);
            await Task.Delay(drainTime, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Not what a signal cancels: one may be on its way.
    public void Dispose() => _signals.ForEach(static s => s.Dispose());

    private void Hear(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _heard) == 2)
        {
            LogHurry();
            _hurry.Cancel();
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Told to stop: not ready any more, and connections are accepted for another {DrainTime}")]
    private partial void LogDraining(TimeSpan drainTime);

    [LoggerMessage(2, LogLevel.Warning, "Told to stop again: requests under way are cut off")]
    private partial void LogHurry();
}
