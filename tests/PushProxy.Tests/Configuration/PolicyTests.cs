using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace PushProxy.Tests.Configuration;

public class PolicyTests
{
    [Fact]
    public void A_policy_takes_from_the_defaults_what_it_leaves_out()
    {
        var options = Bind(new() { ["Defaults:MaxLinkBytes"] = "500", ["Defaults:DebugHeader"] = "true", ["Policies:small:MaxLinkBytes"] = "100" });
        Assert.Equal(new DeliveryPolicy { MaxLinkBytes = 100, DebugHeader = true }, options.Policies["small"]);
    }

    [Fact]
    public void Everything_wrong_is_named_at_once()
    {
        var options = Bind(new()
        {
            ["Defaults:MaxLinkBytes"] = "5000",
            ["Policies:a:MaxLinkBytes"] = "-1",
            ["Policies:off:MaxLinkBytes"] = "1",
            ["Learning:Expiry"] = "00:00:01",
            ["Learning:CacheBytes"] = "1",
        });
        Assert.Equal(
            ["PushProxy:Defaults:MaxLinkBytes", "PushProxy:Learning:CacheBytes", "PushProxy:Learning:Expiry", "PushProxy:Policies:a:MaxLinkBytes", "PushProxy:Policies:off"],
            options.Validate().Select(e => e.Path).Order());
    }

    [Fact]
    public void Policies_change_while_running_and_a_bad_change_is_refused()
    {
        var (settings, log) = (Settings(), new FakeLog());
        using var services = Services(settings, log);
        var table = services.GetRequiredService<PolicyTable>();
        Assert.Equal(1024, table.Find(null).MaxLinkBytes);
        Assert.Equal(DeliveryMode.Off, table.Find("OFF").Delivery);
        Change(settings, "7");
        Assert.Equal(7, table.Find(null).MaxLinkBytes);
        Assert.Equal(7, table.Find("one that has gone").MaxLinkBytes);
        foreach (var bad in new[] { "-7", "seven" })
        {
            Change(settings, bad);
            Assert.Equal(7, table.Find(null).MaxLinkBytes);
            Assert.Contains(log.Errors, static e => e.Contains("the old one stays", StringComparison.Ordinal) && e.Contains("MaxLinkBytes", StringComparison.Ordinal));
            log.Errors.Clear();
        }

        Change(settings, "8");
        Assert.Equal(8, table.Find(null).MaxLinkBytes);
        Assert.Empty(log.Errors);
    }

    [Fact]
    public void A_bad_start_is_refused()
    {
        var settings = Settings();
        settings["Learning:MaxPageBytes"] = "1";
        settings["Defaults:MaxPushes"] = "65";
        using var services = Services(settings, new FakeLog());
        var error = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);
        Assert.Contains("PushProxy:Learning:MaxPageBytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("PushProxy:Defaults:MaxPushes", error.Message, StringComparison.Ordinal);
    }

    private static IConfigurationRoot Settings() => new ConfigurationBuilder().AddInMemoryCollection().Build();

    private static void Change(IConfigurationRoot settings, string maxLinkBytes)
    {
        settings["Defaults:MaxLinkBytes"] = maxLinkBytes;
        settings.Reload();
    }

    private static ServiceProvider Services(IConfiguration settings, FakeLog log)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(log));
        services.AddReverseProxy().AddPushProxy(settings);
        return services.BuildServiceProvider();
    }

    private static PushProxyOptions Bind(Dictionary<string, string?> settings)
    {
        var options = new PushProxyOptions();
        options.Bind(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        return options;
    }

    private sealed class FakeLog : ILoggerProvider, ILogger
    {
        public List<string> Errors { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Errors.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
