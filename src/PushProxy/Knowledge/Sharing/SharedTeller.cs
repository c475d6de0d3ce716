using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PushProxy.Diagnostics;

namespace PushProxy.Knowledge.Sharing;

/// <summary>Tells the other instances what this one has learned, a few times a second. Nothing waits for it.</summary>
internal sealed partial class SharedTeller(
    ISharedRecords records, SharedKnowledge knowledge, SharedNews news, PushProxyMetrics metrics, ILogger<SharedTeller> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        news.Telling += knowledge.SeeAgain;
        records.Start(knowledge);
        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                news.Tell();
            }
            catch (Exception e)
            {
                metrics.Error(ErrorStage.Sharing);
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Telling the other instances failed; it is tried again")]
    private partial void LogFailed(Exception exception);
}
