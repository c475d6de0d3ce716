using System.CommandLine;
using PushProxy.Server.Configuration;

namespace PushProxy.Server.Commands;

/// <summary><c>pushproxy validate</c>: everything wrong with a configuration, at once.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var command = new Command(
            "validate", "Check the configuration that run would use. Prints every error with its path; exit code 2 if there are errors.");
        CommonOptions.AddTo(command);
        command.SetAction(static async (result, _) =>
        {
            if (await CommonOptions.LoadAsync(result) is not { } configuration)
            {
                return CommonOptions.BadConfiguration;
            }

            await Terminal.PrintAsync($"{configuration.File?.FilePath ?? "The configuration"} is valid.");
            if (ChangedPages(configuration) is { } line)
            {
                await Terminal.PrintAsync(line);
            }

            return 0;
        });
        return command;
    }

    // Everything else leaves the bytes of pages as they are, so whoever switches this on is to know.
    private static string? ChangedPages(ProxyConfiguration configuration)
    {
        var options = ConfigurationValidator.ReadOptions(configuration.Root.GetSection(ConfigurationValidator.Section), []);
        var names = options.Policies.Where(static p => p.Value.TagsPages).Select(static p => p.Key).Order(StringComparer.Ordinal)
            .Prepend(options.Defaults.TagsPages ? nameof(PushProxyOptions.Defaults) : "").Where(static name => name.Length > 0).ToList();
        return names.Count == 0 ? null
            : $"Beacon is on in {string.Join(", ", names)}: pages of these policies get one script tag that their origin did not send.";
    }
}
