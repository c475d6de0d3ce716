using PushProxy.Server.Configuration;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Settings;

/// <summary>What is wrong with a configuration file, as the lines a person reads.</summary>
internal static class Validation
{
    public static async Task<string[]> ErrorsOfAsync(string json)
    {
        using var folder = new TempFolder();
        var configuration = ProxyConfiguration.Load(folder.Write("appsettings.json", json), []);
        return [.. (await ConfigurationValidator.ValidateAsync(configuration.Root)).Select(static e => e.ToString())];
    }

    public static Task<string[]> ErrorsOfSectionAsync(string pushProxy) => ErrorsOfAsync($$"""{ "PushProxy": {{pushProxy}} }""");
}
