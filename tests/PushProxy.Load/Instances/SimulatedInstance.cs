using PushProxy.Knowledge;
using PushProxy.Knowledge.Sharing;
using PushProxy.Load.Restart;

namespace PushProxy.Load.Instances;

/// <summary>What one instance of the program knows, and what tells it to the others: the proxy's own components, without requests.</summary>
internal sealed class SimulatedInstance : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly PageStore _pages;
    private readonly ResourceRegistry _registry;

    private SimulatedInstance(string redis)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddReverseProxy().AddPushProxy(static options => options.Learning = new() { CacheBytes = 1024L * 1024 * 1024 })
            .AddSharedRedis(redis);
        _services = services.BuildServiceProvider();
        (_pages, _registry) = (_services.GetRequiredService<PageStore>(), _services.GetRequiredService<ResourceRegistry>());
    }

    public static async Task<SimulatedInstance> StartAsync(string redis)
    {
        var instance = new SimulatedInstance(redis);
        await instance._services.GetRequiredService<SharedTeller>().StartAsync(CancellationToken.None);
        return instance;
    }

    public void View(ManyPages site, int page, ulong connection) => site.View(page, connection, _pages, _registry);

    /// <summary>Returns whether clients are told of all that a page needs.</summary>
    public bool Tells(ManyPages site, int page) =>
        _pages.Peek(site.Key(page))?.Pages() is [{ IsToldWhole: true } known] && known.Analysis.Resources.Count == ManyPages.Resources;

    public async ValueTask DisposeAsync()
    {
        await _services.GetRequiredService<SharedTeller>().StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
