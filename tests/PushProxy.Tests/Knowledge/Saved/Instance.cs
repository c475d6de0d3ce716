using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Analysis;
using PushProxy.Diagnostics;
using PushProxy.Knowledge;
using PushProxy.Knowledge.Saved;
using PushProxy.Knowledge.Shells;
using PushProxy.Model;
using PushProxy.Tests.Delivery;

namespace PushProxy.Tests.Knowledge.Saved;

/// <summary>What one process knows, from its start to its end. The next one reads the same folder.</summary>
internal sealed class Instance : IDisposable
{
    private readonly KnowledgeKeeper _keeper;

    public Instance(
        string? folder, LearningOptions? options = null, ShellOptions? shells = null, FakeTimeProvider? time = null, string destination = "http://origin/")
    {
        Options = options ?? new LearningOptions();
        var shell = shells ?? new ShellOptions();
        Time = time ?? new FakeTimeProvider(DateTimeOffset.Parse("2026-01-01T00:00:00Z"));
        File = new KnowledgeFile(
            folder, SavedRules.Of(Options, shell), new Dictionary<string, IReadOnlyList<string>> { ["route"] = [destination] },
            Options.CacheBytes + shell.CacheBytes, Log);

        // By then it has been read, and the log says what came of it.
        _ = File.ClientKey;
        Registry = new ResourceRegistry(Time, File.Records);
        Pages = new PageStore(Options, Registry, Time, File.Records);
        Shells = new ShellStore(shell, Options, Time, File.Records);
        var metrics = new ServiceCollection().AddMetrics().AddSingleton<PushProxyMetrics>().BuildServiceProvider()
            .GetRequiredService<PushProxyMetrics>();
        _keeper = new KnowledgeKeeper(File, Pages, Registry, Shells, Options, Time, metrics, NullLogger<KnowledgeKeeper>.Instance);
    }

    public LearningOptions Options { get; }

    public FakeTimeProvider Time { get; }

    public ListLogger Log { get; } = new();

    public KnowledgeFile File { get; }

    public ResourceRegistry Registry { get; }

    public PageStore Pages { get; }

    public ShellStore Shells { get; }

    public Task SaveAsync() => _keeper.SaveAsync(pause: false);

    /// <summary>Takes over all that was kept, as the program does after its start.</summary>
    public void RestoreAll()
    {
        foreach (var record in File.Records.KeysOf(SavedKind.Path).ToList())
        {
            Pages.Restore(record);
        }
    }

    /// <summary>Lets connections receive a page, one after the other.</summary>
    public void Receive(string path, PageAnalysis analysis, uint hash = 1, int connections = 2, ContentSecurityPolicy? security = null)
    {
        for (var i = 1; i <= connections; i++)
        {
            var page = Some.Description(Key(path), new HeaderDictionary()) with { Connection = (ulong)i, Address = new((ulong)i, (ulong)i) };
            if (!Pages.Recognises(page, hash))
            {
                Pages.Learn(page, hash, analysis, security);
            }
        }
    }

    public PageKnowledge Find(string path, bool isMember = false, bool isPage = false) =>
        Pages.Find(Key(path), "", new HeaderDictionary(), isMember, isPage);

    /// <summary>The paths of what clients are told of a page.</summary>
    public IEnumerable<string> Told(string path, bool isPage = false) =>
        Find(path, isPage: isPage).Page?.Told.Resources.Select(static r => r.Url.PathAndQuery) ?? [];

    public ResourceState Resource(string path) => Registry.Find(new Uri("https://site.test" + path))!;

    public static PageKey Key(string path) => new("route", "site.test", path);

    public void Dispose()
    {
        Pages.Dispose();
        Shells.Dispose();
        File.Dispose();
    }
}

/// <summary>Keeps what is logged.</summary>
internal sealed class ListLogger : ILogger
{
    /// <summary>The warnings and errors.</summary>
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.AddRange(logLevel >= LogLevel.Warning ? [$"{logLevel}: {formatter(state, exception)}"] : []);
}
