using Microsoft.Extensions.Hosting.Systemd;

namespace PushProxy.Server.Hosting;

/// <summary>
/// Tells systemd when the program is ready, and when it stops (<c>Type=notify</c>, sd_notify(3)). Without <c>NOTIFY_SOCKET</c> nobody waits
/// for that. The log goes to standard error, as always.
/// </summary>
internal sealed class SystemdService(ISystemdNotifier notifier) : IHostedLifecycleService
{
    /// <summary>Adds it if a service manager waits.</summary>
    public static void AddTo(IServiceCollection services)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 0 })
        {
            services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
            services.AddHostedService<SystemdService>();
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // All services have started, also the one that listens.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        notifier.Notify(ServiceState.Ready);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        notifier.Notify(ServiceState.Stopping);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
