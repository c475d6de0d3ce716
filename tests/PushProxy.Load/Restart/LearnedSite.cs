using Microsoft.Extensions.Logging.Abstractions;
using PushProxy.Diagnostics;
using PushProxy.Knowledge;
using PushProxy.Knowledge.Saved;
using PushProxy.Knowledge.Shells;

namespace PushProxy.Load.Restart;

/// <summary>A site of many pages that two connections have been sent, as the proxy's own components learn it, and the file that keeps it.</summary>
internal sealed class LearnedSite : IDisposable
{
    private static readonly LearningOptions Options = new() { CacheBytes = 1024L * 1024 * 1024 };

    private readonly KnowledgeFile _file;
    private readonly ResourceRegistry _registry;
    private readonly PageStore _pages;
    private readonly ShellStore _shells;
    private readonly KnowledgeKeeper _keeper;
    private readonly ManyPages _site;

    /// <param name="folder">Where the file is, or is written.</param>
    /// <param name="origin">Where the site's route leads.</param>
    /// <param name="route">The identifier of the route.</param>
    public LearnedSite(string folder, string origin, string route)
    {
        _site = new ManyPages(route);
        var shells = new ShellOptions();
        _file = new KnowledgeFile(
            folder, SavedRules.Of(Options, shells), new Dictionary<string, IReadOnlyList<string>> { [route] = [origin] },
            Options.CacheBytes, NullLogger.Instance);
        _registry = new ResourceRegistry(TimeProvider.System, _file.Records);
        _pages = new PageStore(Options, _registry, TimeProvider.System, _file.Records);
        _shells = new ShellStore(shells, Options, TimeProvider.System, _file.Records);
        var metrics = new ServiceCollection().AddMetrics().AddSingleton<PushProxyMetrics>().BuildServiceProvider()
            .GetRequiredService<PushProxyMetrics>();
        _keeper = new KnowledgeKeeper(
            _file, _pages, _registry, _shells, Options, TimeProvider.System, metrics, NullLogger<KnowledgeKeeper>.Instance);
    }

    public long Pages => _pages.Count;

    /// <summary>The estimated memory of all pages, in bytes.</summary>
    public long Bytes => _pages.Size;

    /// <summary>The size of the file, in bytes.</summary>
    public long FileBytes => _file.Size;

    /// <summary>Lets two connections receive each page.</summary>
    public void Learn(int count)
    {
        for (var page = 0; page < count; page++)
        {
            _site.View(page, 1, _pages, _registry);
            _site.View(page, 2, _pages, _registry);
            _pages.Observe(_site.Key(page), TimeSpan.FromMilliseconds(200), 20_000);
        }
    }

    public Task SaveAsync() => _keeper.SaveAsync(pause: false);

    /// <summary>Takes over all that the file has.</summary>
    public void RestoreAll()
    {
        foreach (var record in _file.Records.KeysOf(SavedKind.Path))
        {
            _pages.Restore(record);
        }
    }

    public void Dispose()
    {
        _pages.Dispose();
        _shells.Dispose();
        _file.Dispose();
    }
}
