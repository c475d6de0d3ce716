using System.CommandLine;
using PushProxy.Server.Configuration;

namespace PushProxy.Server.Commands;

/// <summary><c>pushproxy healthcheck</c>: asks a running proxy whether it is ready, for containers without a shell.</summary>
internal static class HealthcheckCommand
{
    public static Command Create()
    {
        var url = new Argument<string?>("URL")
        {
            Description = "The URL to ask. Default: /healthz/ready on the management listener.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var config = CommonOptions.ConfigFile("The configuration file that names the management listener.");
        var command = new Command("healthcheck", "Ask a running proxy whether it is ready: exit code 0 or 1.") { url, config };
        command.SetAction(async (result, cancellation) =>
        {
            try
            {
                return await ManagementClient.SendAsync(
                    HttpMethod.Get,
                    result.GetValue(url) ?? $"{ManagementClient.AddressIn(result.GetValue(config))}/healthz/ready",
                    cancellation);
            }
            catch (ConfigurationException e)
            {
                await Terminal.ComplainAsync(e.Message);
                return CommonOptions.BadConfiguration;
            }
        });
        return command;
    }
}
