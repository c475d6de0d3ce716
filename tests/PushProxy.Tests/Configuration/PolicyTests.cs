using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
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
        var monitor = new Monitor();
        using var table = new PolicyTable(monitor, NullLogger<PolicyTable>.Instance);
        Assert.Equal(1024, table.Find(null).MaxLinkBytes);
        Assert.Equal(DeliveryMode.Off, table.Find("OFF").Delivery);
        monitor.Change(new PushProxyOptions { Defaults = new DeliveryPolicy { MaxLinkBytes = 7 } });
        Assert.Equal(7, table.Find(null).MaxLinkBytes);
        Assert.Equal(7, table.Find("one that has gone").MaxLinkBytes);
        monitor.Change(new PushProxyOptions { Defaults = new DeliveryPolicy { MaxLinkBytes = -7 } });
        Assert.Equal(7, table.Find(null).MaxLinkBytes);
    }

    [Fact]
    public void A_bad_start_is_refused()
    {
        var error = Assert.Throws<OptionsValidationException>(() => new PolicyTable(
            new Monitor { CurrentValue = new PushProxyOptions { Learning = new LearningOptions { MaxPageBytes = 1 } } }, NullLogger<PolicyTable>.Instance));
        Assert.Contains("PushProxy:Learning:MaxPageBytes", error.Message, StringComparison.Ordinal);
    }

    private static PushProxyOptions Bind(Dictionary<string, string?> settings)
    {
        var options = new PushProxyOptions();
        options.Bind(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        return options;
    }

    private sealed class Monitor : IOptionsMonitor<PushProxyOptions>
    {
        private Action<PushProxyOptions, string?>? _listener;

        public PushProxyOptions CurrentValue { get; set; } = new();

        public PushProxyOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<PushProxyOptions, string?> listener)
        {
            _listener = listener;
            return null;
        }

        public void Change(PushProxyOptions options) => _listener!(CurrentValue = options, null);
    }
}
