using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PushProxy.Diagnostics;
using PushProxy.Knowledge.Shells;

namespace PushProxy.Learning;

/// <summary>Cuts what pages have in common into shells, one after the other, outside the request path.</summary>
internal sealed partial class ShellCutter(ShellStore store, PushProxyMetrics metrics, ILogger<ShellCutter> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var shell in store.Uncut.ReadAllAsync(stoppingToken))
        {
            try
            {
                shell.Cut();
            }
            catch (Exception e)
            {
                metrics.Error(ErrorStage.Shell);
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Cutting a shell failed; its pages have none")]
    private partial void LogFailed(Exception exception);
}
