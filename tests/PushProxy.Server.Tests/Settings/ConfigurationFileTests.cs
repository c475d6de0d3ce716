using PushProxy.Server.Configuration;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Settings;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{\n  \"PushProxy\": {\n    \"Origin\" \"x\"\n  }\n}", "line 3, column 14: '\"' is invalid after a property name. Expected a ':'.")]
    [InlineData("", "line 1, column 1: The input does not contain any JSON tokens.")]
    [InlineData("{\n  \"a\": 1,\n  \"A\": 2\n}", "A duplicate key 'A' was found.")]
    [InlineData("[]", "Top-level JSON element must be an object. Instead, 'Array' was found.")]
    public void What_is_no_JSON_is_named_by_file_and_line(string json, string error)
    {
        var path = _folder.Write("site.json", json);

        var thrown = Assert.Throws<ConfigurationException>(() => ProxyConfiguration.Load(path, []));

        Assert.StartsWith($"{path}: {error}", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_file_is_named()
    {
        var thrown = Assert.Throws<ConfigurationException>(() => ProxyConfiguration.Load(_folder["gone.json"], []));

        Assert.Equal($"{_folder["gone.json"]}: Could not find file '{_folder["gone.json"]}'.", thrown.Message);
    }

    [Fact]
    public void Comments_trailing_commas_and_a_byte_order_mark_are_read()
    {
        var path = _folder.Write("site.json", "\uFEFF{ // why\n \"PushProxy\": { \"Origin\": \"http://x\", /* or not */ }, }");

        Assert.Equal("http://x", ProxyConfiguration.Load(path, []).Root["PushProxy:Origin"]);
    }

    [Fact]
    public async Task Good_change_is_in_force_and_told_to_who_follows()
    {
        var path = _folder.Write("site.json", """{ "PushProxy": { "Defaults": { "MaxLinkBytes": 10, "DebugHeader": true } } }""");
        var configuration = ProxyConfiguration.Load(path, new() { ["PushProxy:Defaults:DebugHeader"] = "false" });
        var told = false;
        using var subscription = configuration.Root.GetReloadToken().RegisterChangeCallback(_ => told = true, null);

        _folder.Write("site.json", """{ "PushProxy": { "Defaults": { "MaxLinkBytes": 20, "DebugHeader": true } } }""");

        Assert.Empty(await configuration.ReloadAsync(Apply));
        Assert.True(told);
        Assert.Equal("20", configuration.Root["PushProxy:Defaults:MaxLinkBytes"]);
        Assert.Equal("false", configuration.Root["PushProxy:Defaults:DebugHeader"]);
    }

    [Theory]
    [InlineData("""{ "PushProxy": { "Defaults": { "MaxLinkBytes": 99999 } } }""", "PushProxy:Defaults:MaxLinkBytes")]
    [InlineData("""{ "PushProxy": { "Defaults": { "MaxLinkBytes": 20 } }""", "site.json")]
    [InlineData("""{ "PushProxy": { "Defaults": { "MaxLinkBytes": 20 } }, "ReverseProxy": { "Routes": { "a": { } } } }""", "ReverseProxy:Routes:a")]
    public async Task Bad_change_is_not_used(string json, string where)
    {
        var path = _folder.Write("site.json", """{ "PushProxy": { "Defaults": { "MaxLinkBytes": 10 } } }""");
        var configuration = ProxyConfiguration.Load(path, []);

        _folder.Write("site.json", json);

        var error = Assert.Single(await configuration.ReloadAsync(Apply));
        Assert.EndsWith(where, error.Path, StringComparison.Ordinal);
        Assert.Equal("10", configuration.Root["PushProxy:Defaults:MaxLinkBytes"]);
    }

    [Fact]
    public async Task Change_that_takes_the_only_site_away_is_not_used()
    {
        var path = _folder.Write("site.json", """{ "PushProxy": { "Origin": "http://127.0.0.1:8000" } }""");
        var configuration = ProxyConfiguration.Load(path, []);

        _folder.Write("site.json", """{ "PushProxy": { "Origin": "" } }""");

        Assert.StartsWith($"{path}: names no site; ", Assert.Single(await configuration.ReloadAsync(Apply)).ToString(), StringComparison.Ordinal);
        Assert.False(configuration.HasNoSite);
    }

    [Fact]
    public async Task Change_that_cannot_be_applied_is_taken_back_and_said_to_be_wrong()
    {
        var path = _folder.Write("site.json", """{ "PushProxy": { "Defaults": { "MaxLinkBytes": 10 } } }""");
        var configuration = ProxyConfiguration.Load(path, []);
        _folder.Write("site.json", """{ "PushProxy": { "Defaults": { "MaxLinkBytes": 20 } } }""");
        var seen = new List<string?>();

        var error = Assert.Single(await configuration.ReloadAsync(change =>
        {
            change();
            seen.Add(configuration.Root["PushProxy:Defaults:MaxLinkBytes"]);
            return Task.FromResult<Exception?>(new InvalidOperationException("not today."));
        }));

        Assert.StartsWith("ReverseProxy: can't be applied: not today.", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["20", "10"], seen);
    }

    private static Task<Exception?> Apply(Action change)
    {
        change();
        return Task.FromResult<Exception?>(null);
    }
}
