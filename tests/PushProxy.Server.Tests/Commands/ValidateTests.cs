using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Commands;

/// <summary>What <c>validate</c> says of a configuration that is right.</summary>
public sealed class ValidateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{ "Defaults": { "Beacon": true } }""", "Defaults")]
    [InlineData("""{ "Defaults": { "Beacon": true }, "Policies": { "b": {}, "a": {}, "c": { "Beacon": false } } }""", "Defaults, a, b")]
    [InlineData("""{ "Policies": { "shop": { "Beacon": true }, "still": { "Beacon": true, "Delivery": "off" } } }""", "shop")]
    public async Task Policies_that_change_pages_are_named(string settings, string names)
    {
        var file = _folder.Write("site.json", $$"""{ "PushProxy": {{settings}} }""");
        Assert.Equal(
            $"{file} is valid.\nBeacon is on in {names}: pages of these policies get one script tag that their origin did not send.\n",
            (await Pushproxy.RunAsync(["validate", "--config", file, "--origin", "http://127.0.0.1:1"], _folder.Path)).Output);
    }
}
