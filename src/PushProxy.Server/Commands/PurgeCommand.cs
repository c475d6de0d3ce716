using System.CommandLine;
using PushProxy.Server.Configuration;

namespace PushProxy.Server.Commands;

/// <summary><c>pushproxy purge</c>: removes stored responses from a running proxy.</summary>
internal static class PurgeCommand
{
    public static Command Create()
    {
        var targets = new Argument<string[]>("URL")
        {
            Description = "What to remove: https://host/path, or https://host/folder/* for all that begins with it.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var all = new Option<bool>("--all") { Description = "Remove everything." };
        var group = new Option<string?>("--group")
        {
            Description = "Remove only what is in this group by its Cache-Groups; URL names the site.",
            HelpName = "NAME",
        };
        var config = CommonOptions.ConfigFile("The configuration file that names the management listener.");
        var management = new Option<string?>("--management")
        {
            Description = "The URL of the management listener. Default: the one in the configuration.",
            HelpName = "URL",
        };
        var command = new Command("purge", "Remove stored responses from a running proxy.") { targets, all, group, config, management };
        command.SetAction(async (result, cancellation) =>
        {
            var urls = result.GetValue(targets) ?? [];
            if (result.GetValue(all) == (urls.Length > 0))
            {
                await Terminal.ComplainAsync("Name the URLs to remove, or --all.");
                return CommonOptions.BadConfiguration;
            }

            try
            {
                var address = result.GetValue(management) ?? ManagementClient.AddressIn(result.GetValue(config));
                return await ManagementClient.SendAsync(
                    HttpMethod.Post, $"{address.TrimEnd('/')}/purge?{Query(urls, result.GetValue(group))}", cancellation);
            }
            catch (ConfigurationException e)
            {
                await Terminal.ComplainAsync(e.Message);
                return CommonOptions.BadConfiguration;
            }
        });
        return command;
    }

    private static string Query(string[] urls, string? group) =>
        urls.Length == 0 ? "all" : string.Join('&', urls.Select(static u => $"target={Uri.EscapeDataString(u)}")
            .Concat(group is null ? [] : [$"group={Uri.EscapeDataString(group)}"]));
}
