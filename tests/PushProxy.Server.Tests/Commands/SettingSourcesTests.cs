using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Commands;

/// <summary>Where settings come from, and which wins: built in &lt; file &lt; environment &lt; command line.</summary>
public sealed class SettingSourcesTests : IDisposable
{
    private const string Setting = "PushProxy:Defaults:MaxLinkBytes";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Values out of range are printed, which tells from where they came.
    [Theory]
    [InlineData(null, "", null)]
    [InlineData(null, "", "-1")]
    [InlineData("-2", "", "-2")]
    [InlineData("-2", $"--{Setting}=-3", "-3")]
    [InlineData("-2", $"--{Setting} -3", "-3")]
    [InlineData("-2", $"--{Setting}=1024", null)]
    [InlineData("-2", $"--pushproxy:defaults:maxlinkbytes=-4", "-4")]
    public async Task Later_source_wins(string? environment, string argument, string? winner)
    {
        _folder.Write("config/appsettings.json", winner == "-1" ? """{ "PushProxy": { "Defaults": { "MaxLinkBytes": -1 } } }""" : "{}");

        var result = await Pushproxy.RunAsync(
            ["validate", .. argument.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            _folder.Path,
            environment is null ? null : new() { ["PushProxy__Defaults__MaxLinkBytes"] = environment });

        Assert.Equal(winner is null ? "" : $"{Setting}: must be between 0 and 3072, but is {winner}\n", result.Error);
        Assert.Equal(winner is null ? 0 : 2, result.ExitCode);
    }

    [Fact]
    public async Task File_here_comes_before_the_one_beside_the_program_and_a_named_one_before_both()
    {
        var here = _folder.Write("config/appsettings.json", "{}");
        var named = _folder.Write("site.json", """{ "PushProxy": { "Origin": "http://127.0.0.1:8000" } }""");
        var beside = Path.Combine(AppContext.BaseDirectory, "config", "appsettings.json");
        using var elsewhere = new TempFolder();

        Assert.Equal($"{beside} is valid.\n", (await Pushproxy.RunAsync(["validate"], elsewhere.Path)).Output);
        Assert.Equal($"{here} is valid.\n", (await Pushproxy.RunAsync(["validate"], _folder.Path)).Output);
        Assert.Equal($"{named} is valid.\n", (await Pushproxy.RunAsync(["validate", "--config", "site.json"], _folder.Path)).Output);
    }

    [Theory]
    [InlineData("--listen ftp://a --listen ftp://b", "PushProxy:Listen:0: 'ftp://a' PushProxy:Listen:1: 'ftp://b'")]
    [InlineData("--PushProxy:Listen=ftp://a;ftp://b", "PushProxy:Listen:0: 'ftp://a' PushProxy:Listen:1: 'ftp://b'")]
    [InlineData("--cert /a.pem --key /b.pem", "PushProxy:Certificates:0: can't")]
    public async Task Short_options_stand_for_settings_and_replace_the_files_lists(string arguments, string errors)
    {
        _folder.Write("config/appsettings.json", """
            { "PushProxy": { "Listen": ["http://*:1", "http://*:2", "http://*:3"], "Certificates": [] } }
            """);

        var result = await Pushproxy.RunAsync(["validate", .. arguments.Split(' ')], _folder.Path);

        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(errors, string.Join(' ', lines.Select(static line => string.Join(' ', line.Split(' ').Take(2)))));
    }

    [Fact]
    public async Task Environment_switches_the_debug_header_on_and_the_command_line_off_again()
    {
        await using var site = await TestSite.WithPageAsync("<!DOCTYPE html><link rel=stylesheet href=/a.css>");
        var environment = new Dictionary<string, string> { ["PushProxy__Defaults__DebugHeader"] = "true" };
        await using var on = await RunningProxy.StartAsync(["--origin", site.Address], environment);
        await using var off = await RunningProxy.StartAsync(["--origin", site.Address, "--PushProxy:Defaults:DebugHeader=false"], environment);

        using var with = await on.GetAsync("/");
        using var without = await off.GetAsync("/");

        Assert.True(with.Headers.Contains("PushProxy-Decision"));
        Assert.False(without.Headers.Contains("PushProxy-Decision"));
    }
}
