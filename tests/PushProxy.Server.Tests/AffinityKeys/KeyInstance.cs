using System.Collections.Concurrent;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PushProxy.Server.AffinityKeys;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.AffinityKeys;

/// <summary>Data protection as the program has it, with a folder of its own, and notes of what it puts and logs.</summary>
internal sealed class KeyInstance : ISharedRecords, ILoggerProvider, ILogger, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _services;

    public KeyInstance(string? folder = null)
    {
        var services = new ServiceCollection().AddSingleton<ISharedRecords>(this);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(this));
        KeyServices.AddTo(services, new DirectoryInfo(folder is null ? _folder["keys"] : Path.Combine(_folder.Path, folder)), isShared: true);
        _services = services.BuildServiceProvider();
    }

    public SharedKeys Keys => _services.GetRequiredService<SharedKeys>();

    public RefreshedKeyManager Manager => _services.GetRequiredService<RefreshedKeyManager>();

    public IDataProtector Protector => _services.GetDataProtector("test");

    public ConcurrentQueue<SharedRecord> Put { get; } = new();

    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = new();

    public bool IsFull { get; set; }

    public bool IsConnected => true;

    public int Waiting => 0;

    /// <summary>The keys of its folder.</summary>
    public IEnumerable<XElement> Files => Directory.Exists(_folder["keys"])
        ? Directory.EnumerateFiles(_folder["keys"], "key-*.xml").Select(static f => XElement.Load(f)) : [];

    public async Task StartAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The key that it encrypts with: .NET writes it behind four bytes.</summary>
    public Guid Used() => new(Protector.Protect([1]).AsSpan(4, 16));

    /// <summary>Makes a key that is used from now on.</summary>
    public IKey Make() => Manager.CreateNewKey(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(90));

    /// <summary>What the key of a record says, taken apart.</summary>
    public static XElement Xml(SharedRecord record) => XElement.Load(new MemoryStream(record.Value.ToArray()));

    public static string Secret(XElement key) => key.Descendants("masterKey").Single().Value;

    void ISharedRecords.Start(ISharedRecordReceiver receiver)
    {
    }

    public bool TryPut(SharedRecord record)
    {
        if (!IsFull)
        {
            Put.Enqueue(record);
        }

        return !IsFull;
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue((logLevel, formatter(state, exception) + exception));

    public void Dispose()
    {
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
        _folder.Dispose();
    }
}
