using System.CommandLine;
using PushProxy.Server.Configuration;

namespace PushProxy.Server.Commands;

/// <summary><c>pushproxy healthcheck</c>: asks a running proxy whether it is ready, for containers without a shell.</summary>
internal static class HealthcheckCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var url = new Argument<string?>("URL")
        {
            Description = "The URL to ask. Default: /healthz/ready on the management listener.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var config = new Option<string?>("--config")
        {
            Description = "The configuration file that names the management listener.",
            HelpName = "FILE",
        };
        var command = new Command("healthcheck", "Ask a running proxy whether it is ready: exit code 0 or 1.") { url, config };
        command.SetAction(async (result, cancellation) =>
        {
            try
            {
                return await CheckAsync(result.GetValue(url) ?? Default(result.GetValue(config)), cancellation);
            }
            catch (ConfigurationException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return CommonOptions.BadConfiguration;
            }
        });
        return command;
    }

    private static string Default(string? file)
    {
        var section = ProxyConfiguration.Load(file, []).Root.GetSection(ConfigurationValidator.Section);
        var management = ServerOptions.From(section).Management;
        var listen = management.Listen ?? ManagementOptions.DefaultListen;
        if (!management.Enabled || !ListenAddress.TryParse(listen, out var address, out _) || address.IsUnixPipe)
        {
            var path = $"{section.Path}:{nameof(ServerOptions.Management)}:{nameof(ManagementOptions.Listen)}";
            throw new ConfigurationException(path, $"'{listen}' can't be asked over HTTP; name a URL");
        }

        // A listener on all addresses is asked on the loopback address.
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return $"{address.Scheme}://{host}:{address.Port}/healthz/ready";
    }

    private static async Task<int> CheckAsync(string url, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var target) || target.Scheme is not ("http" or "https"))
        {
            await Console.Error.WriteLineAsync($"'{url}' is not an http or https URL");
            return CommonOptions.BadConfiguration;
        }

        try
        {
            // HTTP_PROXY is for other machines, not for this one.
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Limit };
            using var response = await client.GetAsync(target, cancellation);
            Console.WriteLine($"{(int)response.StatusCode} {(await response.Content.ReadAsStringAsync(cancellation)).Trim()}");
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{url}: {e.GetBaseException().Message}");
            return 1;
        }
    }
}
