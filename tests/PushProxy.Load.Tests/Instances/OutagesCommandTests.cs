using PushProxy.Testing;

namespace PushProxy.Load.Tests.Instances;

/// <summary>What <c>outages</c> asks of its options. The verb itself takes minutes.</summary>
public sealed class OutagesCommandTests
{
    [Theory]
    [InlineData("--seconds", "9", "at least 10")]
    [InlineData("--rounds", "0", "1 to 100")]
    [InlineData("--rate", "0", "more than 0")]
    public async Task What_can_not_be_is_refused(string option, string value, string why)
    {
        var run = await ExternalTool.RunAsync(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "PushProxy.Load.dll"), "outages", option, value]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
    }
}
