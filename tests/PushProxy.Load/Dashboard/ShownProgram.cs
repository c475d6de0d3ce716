using System.Globalization;
using PushProxy.Knowledge;
using PushProxy.Load.Restart;
using PushProxy.Server.Configuration;
using PushProxy.Server.Dashboard;
using PushProxy.Server.Hosting;
using static Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions;

namespace PushProxy.Load.Dashboard;

/// <summary>The program in this process, in front of nothing, with as many learned pages and with such comparisons as are wanted.</summary>
internal sealed class ShownProgram : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pushproxy-shown-");
    private Microsoft.AspNetCore.Builder.WebApplication? _app;

    /// <summary>Where the dashboard is.</summary>
    public Uri Dashboard { get; private set; } = null!;

    /// <summary>The program's services.</summary>
    public IServiceProvider Services => _app!.Services;

    /// <summary>How many pages are known.</summary>
    public long Pages => Services.GetRequiredService<PageStore>().Count;

    /// <summary>What the program compares from now on.</summary>
    public IReadOnlyList<ProofGroup> Proof
    {
        set => _app!.Services.GetRequiredService<DashboardSource>().Proof = () => value;
    }

    /// <param name="settings">Settings beyond the addresses.</param>
    public static async Task<ShownProgram> StartAsync(params (string Name, string Value)[] settings)
    {
        var program = new ShownProgram();
        var all = new Dictionary<string, string?>
        {
            ["PushProxy:Listen:0"] = "http://127.0.0.1:0",
            ["PushProxy:Management:Listen"] = "http://127.0.0.1:0",
            // Nothing answers what the program asks for itself, and that is no news.
            ["Logging:LogLevel:Default"] = "None",
            ["PushProxy:DataDirectory"] = program._folder.FullName,
            ["PushProxy:Learning:CacheBytes"] = (1L << 30).ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        var (app, listeners) = ProxyHost.Build(ProxyConfiguration.Load(null, all), new Uri("http://127.0.0.1:1"));
        program._app = app;
        await app.StartAsync();
        program.Dashboard = new Uri(listeners.Management!);
        return program;
    }

    /// <summary>Lets two connections receive each page of a site. Some were saved, some wasted.</summary>
    /// <param name="count">How many pages there are.</param>
    /// <param name="resources">How many resources each needs.</param>
    public void Learn(int count, int resources = ManyPages.Resources)
    {
        var (pages, registry) = (Services.GetRequiredService<PageStore>(), Services.GetRequiredService<ResourceRegistry>());
        var site = new ManyPages("site", resources);
        for (var page = 0; page < count; page++)
        {
            site.View(page, 1, pages, registry);
            site.View(page, 2, pages, registry);
            pages.Observe(site.Key(page), TimeSpan.FromMilliseconds(5 + (page * 7919 % 700)), 20_000);
            if (pages.Peek(site.Key(page)) is { } path)
            {
                path.Totals.Saved(page * 104_729L % 9_000_000);
                path.Totals.Wasted(page % 50 == 7 ? page * 31L % 90_000 : 0);
            }
        }
    }

    /// <summary>Lets one connection receive the page <c>/told-to-one</c>, which needs a stylesheet.</summary>
    public void LearnFromOne(string stylesheet) => ManyPages.ViewOnce(
        new ManyPages("site").Key(0) with { Path = "/told-to-one" }, new Uri(stylesheet), Services.GetRequiredService<PageStore>());

    public async ValueTask DisposeAsync()
    {
        await (_app?.StopAsync() ?? Task.CompletedTask);
        await (_app?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }
}
