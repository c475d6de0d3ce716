using System.Runtime.InteropServices;
using PushProxy.Cache;
using PushProxy.Server.Configuration;

namespace PushProxy.Server.Hosting;

/// <summary>
/// Watches the configuration file. A valid change takes effect. The errors of an invalid change are logged, and the running
/// configuration stays.
/// </summary>
internal sealed partial class ReloadService(
    ProxyConfiguration configuration, AppliedConfiguration applied, ILogger<ReloadService> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Settings _started = Current(configuration);
    private readonly SemaphoreSlim _one = new(1);
    private readonly List<PosixSignalRegistration> _signals = [];
    private FileWatch? _watch;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration.File is { } file)
        {
            _watch = new FileWatch([file.FilePath], LookEvery, TimeProvider.System, ReloadAsync);
        }

        if (!OperatingSystem.IsWindows())
        {
            // As operators know it from nginx. Both signals would end a .NET program.
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true;
                _ = ReloadAsync();
            }));
            _signals.Add(PosixSignalRegistration.Create(UserSignal.One, static signal => signal.Cancel = true));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _signals.ForEach(static s => s.Dispose());
        _watch?.Dispose();
    }

    private static Settings Current(ProxyConfiguration configuration)
    {
        var section = configuration.Root.GetSection(ConfigurationValidator.Section);
        var options = new PushProxyOptions();
        options.Bind(section);
        return new Settings(ServerOptions.From(section), options.Learning, options.ClientCache, options.Cache, options.Shell);
    }

    private async Task ReloadAsync()
    {
        if (configuration.File is null)
        {
            LogNoFile();
            return;
        }

        await _one.WaitAsync();
        try
        {
            var errors = await configuration.ReloadAsync(applied.ApplyAsync);
            foreach (var error in errors)
            {
                LogError(configuration.File!.FilePath, error);
            }

            if (errors.Count == 0)
            {
                LogReloaded(configuration.File!.FilePath);
                var now = Current(configuration);
                if (!Same(now.Server, _started.Server) || now with { Server = _started.Server } != _started)
                {
                    LogNeedsRestart();
                }
            }
        }
        catch (Exception e)
        {
            LogFailed(e, configuration.File!.FilePath);
        }
        finally
        {
            _one.Release();
        }
    }

    private static bool Same(ServerOptions a, ServerOptions b) =>
        a.Origin == b.Origin && a.DataDirectory == b.DataDirectory && a.Management.Listen == b.Management.Listen
        && a.Management.Hosts.SequenceEqual(b.Management.Hosts)
        && a.TrustedProxies.SequenceEqual(b.TrustedProxies) && a.ProxyProtocol.SequenceEqual(b.ProxyProtocol)
        && a.RedirectToHttps == b.RedirectToHttps && a.DrainTime == b.DrainTime
        && a.StrictTransportSecurity == b.StrictTransportSecurity && a.AccessLog == b.AccessLog && a.Metrics == b.Metrics
        && a.Listen.SequenceEqual(b.Listen) && a.Certificates.SequenceEqual(b.Certificates);

    [LoggerMessage(1, LogLevel.Information, "{File} changed: the new configuration is in effect")]
    private partial void LogReloaded(string file);

    [LoggerMessage(2, LogLevel.Error, "{File} changed but is not used, the running configuration stays. {Error}")]
    private partial void LogError(string file, ConfigurationError error);

    [LoggerMessage(
        3,
        LogLevel.Warning,
        "Settings of PushProxy other than Defaults and Policies take effect at the next start")]
    private partial void LogNeedsRestart();

    [LoggerMessage(5, LogLevel.Warning, "There is no configuration file to read again")]
    private partial void LogNoFile();

    [LoggerMessage(4, LogLevel.Error, "{File} changed, and looking at it failed; the running configuration stays")]
    private partial void LogFailed(Exception exception, string file);

    /// <summary>What is read only at start.</summary>
    private sealed record Settings(
        ServerOptions Server, LearningOptions Learning, ClientCacheOptions ClientCache, HttpCacheOptions Cache, ShellOptions Shell);
}
