using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Commands;

/// <summary>What the program makes of its arguments. A mistake is one line on standard error and exit code 2.</summary>
public class CommandLineTests
{
    public static TheoryData<string, string> Mistakes { get; } = new()
    {
        { "--orign http://127.0.0.1:8000", "'--orign' is neither an option nor a setting; settings are written --Section:Key=value; did you mean --origin?" },
        { "run --orign http://127.0.0.1:8000", "'--orign' is neither an option nor a setting; settings are written --Section:Key=value; did you mean --origin?" },
        { "start", "'start' is neither an option nor a setting; settings are written --Section:Key=value" },
        { "validate --PushProxy:Origin", "'--PushProxy:Origin' has no value" },
        { "run --origin", "Required argument missing for option: '--origin'." },
        { "run --key key.pem", "--key names the key of a certificate; name the certificate with --cert" },
        { "cert --hots shop.example", "'--hots' is not an option of this command" },
        { "cert --host not/a/name", "--host: 'not/a/name' is neither a DNS name nor an IP address" },
        { "inspect", "Required argument missing for command: 'inspect'." },
        { "inspect --jsn http://127.0.0.1:1", "'--jsn' is not an option of this command" },
        { "healthcheck 127.0.0.1:8081", "'127.0.0.1:8081' is not an http or https URL" },
        { "healthcheck --verbose", "'--verbose' is not an option of this command" },
        { "run --config /nowhere/site.json", "/nowhere/site.json: Could not find a part of the path '/nowhere/site.json'." },
        { "inspect --config /nowhere/site.json page.html", "/nowhere/site.json: Could not find a part of the path '/nowhere/site.json'." },
        { "inspect --header Content-Length:5 page.html", "--header 'Content-Length:5': describes a body, and these requests have none" },
        { "inspect --header Content-Type:x page.html", "--header 'Content-Type:x': describes a body, and these requests have none" },
        { "healthcheck --config /nowhere/site.json", "/nowhere/site.json: Could not find a part of the path '/nowhere/site.json'." },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Mistake_is_named_and_ends_with_2(string arguments, string error)
    {
        var result = await Pushproxy.RunAsync(arguments.Split(' '));

        Assert.Equal(error + "\n", result.Error);
        Assert.Equal("", result.Output);
        Assert.Equal(2, result.ExitCode);
    }

    [Theory]
    [InlineData("cert", "--out", "")]
    [InlineData("cert", "--out", "/proc/none")]
    [InlineData("cert", "--host", "bücher.example.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("inspect", "")]
    [InlineData("inspect", "/proc/self/mem")]
    [InlineData("inspect", "http://a..b/")]
    [InlineData("inspect", "http://a%00b/")]
    [InlineData("inspect", "http://127.0.0.1:0/")]
    [InlineData("inspect", "--config", "", "page.html")]
    [InlineData("healthcheck", "http://user:pw@127.0.0.1:1/")]
    [InlineData("healthcheck", "http://a..b/")]
    [InlineData("healthcheck", "--config", "")]
    [InlineData("purge", "--all", "--management", "")]
    [InlineData("purge", "--all", "--management", "http://")]
    [InlineData("validate", "--config", "")]
    [InlineData("validate", "--config", "/proc/self/mem")]
    [InlineData("validate", "--origin", "http://127.0.0.1:1", "--cert", "")]
    [InlineData("validate", "--origin", "http://user:pw@127.0.0.1:1")]
    [InlineData("validate", "--origin", "http://127.0.0.1:1", "--listen", "http://unix:")]
    public async Task Bad_input_ends_with_a_line_and_without_a_stack_trace(params string[] arguments)
    {
        var result = await Pushproxy.RunAsync(arguments);

        Assert.DoesNotContain("   at ", result.Error + result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("nhandled", result.Error + result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fault of this program", result.Error + result.Output, StringComparison.Ordinal);
        Assert.NotEqual("", result.Error);
        Assert.NotEqual(0, result.ExitCode);
    }

    [Theory]
    [InlineData("--config: the value is empty; leave the option out, or name a FILE", "validate", "--config", "")]
    [InlineData("--config: the value is empty; leave the option out, or name a FILE", "--config", "")]
    [InlineData("--origin: the value is empty; leave the option out, or name a URL", "run", "--origin", "")]
    [InlineData("--cert: the value is empty; leave the option out, or name a FILE", "run", "--cert", " ")]
    [InlineData("--out: the value is empty; leave the option out, or name a DIR", "cert", "--out", "")]
    public async Task Empty_value_is_a_mistake(string error, params string[] arguments)
    {
        var result = await Pushproxy.RunAsync(arguments);

        Assert.Equal((error + "\n", 2), (result.Error, result.ExitCode));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("validate")]
    public async Task Run_and_validate_refuse_in_the_same_words(string verb)
    {
        using var folder = new TempFolder();
        folder.Write("config/appsettings.json", """{ "PushProxy": { "Orign": "x", "Defaults": { "MaxLinkBytes": -1 } } }""");

        var result = await Pushproxy.RunAsync([verb, "--origin", "nowhere"], folder.Path);

        Assert.Equal(
            """
            PushProxy:Orign: unknown setting; did you mean Origin?
            PushProxy:Defaults:MaxLinkBytes: must be between 0 and 3072, but is -1
            PushProxy:Origin: 'nowhere' is not the address of a site; write http://host:port or https://host

            """,
            result.Error);
        Assert.Equal(2, result.ExitCode);
    }

    [Theory]
    [InlineData()]
    [InlineData("run")]
    [InlineData("validate")]
    public async Task Help_says_how_settings_are_written(params string[] verb)
    {
        var result = await Pushproxy.RunAsync([.. verb, "--help"]);

        Assert.DoesNotContain("additional arguments", result.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("[--SECTION:KEY=VALUE...]", result.Output, StringComparison.Ordinal);
        Assert.Contains("--PushProxy:Defaults:Delivery=link", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_verb_and_option()
    {
        var result = await Pushproxy.RunAsync("--help");

        Assert.Equal(0, result.ExitCode);
        Assert.All(
            ["run", "inspect", "cert", "validate", "healthcheck", "purge", "--origin", "--listen", "--cert", "--key", "--config"],
            name => Assert.Contains(name, result.Output, StringComparison.Ordinal));
    }
}
