using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PushProxy.Cache;
using PushProxy.Diagnostics;
using PushProxy.Knowledge.Shells;

namespace PushProxy.Knowledge.Saved;

/// <summary>
/// Keeps what was learned, so that a restart forgets nothing. It takes over what nobody has asked for yet after the start, writes the file
/// now and then, and once more at the end. Nothing waits for it.
/// </summary>
internal sealed partial class KnowledgeKeeper(
    KnowledgeFile file, PageStore pages, ResourceRegistry registry, ShellStore shells, LearningOptions options, TimeProvider time,
    PushProxyMetrics metrics, ILogger<KnowledgeKeeper> logger) : BackgroundService, IHttpCachePurgeObserver
{
    /// <summary>
    /// Between two files passes so many times the time that one took, so that this stays below a hundredth of a processor.
    /// </summary>
    private const int RestFactor = 200;

    /// <summary>After so many records others get their turn.</summary>
    private const int Batch = 50;

    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(1);

    /// <summary>A program that starts has enough to do. What is asked for meanwhile is taken over at once.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(2);

    /// <summary>After a purge it is so many times the time that the last file took, so that many purges do not keep it busy.</summary>
    private const int PurgeFactor = 20;

    /// <summary>How long others that are told of a purge may take.</summary>
    private static readonly TimeSpan PurgeTime = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _purged = new(0, 1);
    private readonly ArrayBufferWriter<byte> _text = new(4096);
    private long _lookupsBefore;

    /// <summary>Writes the file now.</summary>
    /// <param name="pause">Whether others get their turn meanwhile.</param>
    public async Task SaveAsync(bool pause)
    {
        _lookupsBefore = pages.Lookups;
        await file.ReplaceAsync(async writer =>
        {
            // What nobody has asked for since the start stays as it is. It comes first: of two records with one key the later one counts,
            // and what is taken over meanwhile has both.
            foreach (var (kind, key, text) in file.Records.Remaining)
            {
                writer.Write(kind, key, text.Span);
            }

            var resources = new HashSet<string>(StringComparer.Ordinal);
            var written = 0;
            foreach (var (key, path) in pages.Paths)
            {
                if (KeptPath.Of(key, path, registry) is { } saved)
                {
                    Write(writer, SavedKind.Path, RecordKey.Of(key), saved, SavedJson.Default.SavedPath);
                    resources.UnionWith(saved.Resources.Select(static r => ResourceState.KeyOf(r.Url)));
                }

                await BreatheAsync(++written);
            }

            foreach (var resource in resources)
            {
                if (registry.Find(resource) is { } state)
                {
                    Write(writer, SavedKind.Resource, RecordKey.Of(resource), state.Save(options), SavedJson.Default.SavedResource);
                    await BreatheAsync(++written);
                }
            }

            foreach (var saved in shells.Save())
            {
                Write(writer, SavedKind.Shell, RecordKey.Of(saved.Key), saved, SavedJson.Default.SavedShell);
                await BreatheAsync(++written);
            }
        });

        async ValueTask BreatheAsync(int written)
        {
            if (pause && written % Batch == 0)
            {
                await Task.Delay(Breath, time);
            }
        }
    }

    public void Purged(IReadOnlyList<HttpCachePurged> purged)
    {
        try
        {
            _purged.Release();
        }
        catch (SemaphoreFullException)
        {
            // The file is about to be written.
        }
    }

    public override void Dispose()
    {
        _purged.Dispose();
        base.Dispose();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (file.IsOpen)
        {
            await TrySaveAsync(pause: false);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!file.IsOpen)
        {
            return;
        }

        await RestoreAsync(stoppingToken);
        var (rest, took) = (options.PersistEvery, TimeSpan.Zero);
        while (true)
        {
            // What was purged must not come back because the program was killed before the file was written.
            var isPurged = await _purged.WaitAsync(rest, stoppingToken);
            if (isPurged)
            {
                var pause = PurgeFactor * took;
                await Task.Delay(pause > PurgeTime ? pause : PurgeTime, stoppingToken);
            }

            var began = Stopwatch.GetTimestamp();
            if (isPurged || pages.Lookups != _lookupsBefore)
            {
                await TrySaveAsync(pause: true);
            }

            took = Stopwatch.GetElapsedTime(began);
            rest = RestFactor * took;
            rest = rest > options.PersistEvery ? rest : options.PersistEvery;
        }
    }

    // A request that comes first takes what it needs by itself.
    private async Task RestoreAsync(CancellationToken cancellation)
    {
        var done = 0;
        if (!file.Records.HasNoPages)
        {
            await Task.Delay(StartTime, time, cancellation);
        }

        foreach (var record in file.Records.KeysOf(SavedKind.Path))
        {
            pages.Restore(record);
            await BreatheAsync();
        }

        foreach (var record in file.Records.KeysOf(SavedKind.Shell))
        {
            shells.Restore(record);
            await BreatheAsync();
        }

        if (file.Records.Invalid > 0)
        {
            LogInvalid(file.Records.Invalid);
        }

        file.Records.Clear();

        async ValueTask BreatheAsync()
        {
            if (++done % Batch == 0)
            {
                await Task.Delay(Breath, time, cancellation);
            }
        }
    }

    private async Task TrySaveAsync(bool pause)
    {
        try
        {
            await SaveAsync(pause);
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.Persistence);
            LogNotSaved(e.Message);
        }
    }

    private void Write<T>(RecordFile.Writer writer, SavedKind kind, UInt128 key, T value, JsonTypeInfo<T> type)
    {
        _text.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_text))
        {
            JsonSerializer.Serialize(json, value, type);
        }

        writer.Write(kind, key, _text.WrittenSpan);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Invalid} records of what was learned before are not valid, and were left out")]
    private partial void LogInvalid(int invalid);

    [LoggerMessage(2, LogLevel.Warning, "What was learned could not be kept: {Reason}")]
    private partial void LogNotSaved(string reason);
}
