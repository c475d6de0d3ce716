using System.CommandLine;
using PushProxy.Server.Configuration;

namespace PushProxy.Server.Commands;

/// <summary><c>pushproxy healthcheck</c>: asks a running proxy whether it is ready, for containers without a shell.</summary>
internal static class HealthcheckCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var url = new Argument<string?>("URL") { Description = "What to ask. Default: /healthz/ready on the management listener.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("healthcheck", "Ask a running proxy whether it is ready: exit code 0 or 1.") { url };
        command.SetAction((result, cancellation) => CheckAsync(result.GetValue(url) ?? Default(), cancellation));
        return command;
    }

    private static string Default()
    {
        var configuration = ProxyConfiguration.Load(null, []);
        var listen = ServerOptions.From(configuration.Root.GetSection(ConfigurationValidator.Section)).Management.Listen ?? ManagementOptions.DefaultListen;
        // It may listen on every address; it is asked on this machine's own.
        return listen.Replace("//*:", "//127.0.0.1:", StringComparison.Ordinal).Replace("//+:", "//127.0.0.1:", StringComparison.Ordinal)
            .Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal).TrimEnd('/') + "/healthz/ready";
    }

    private static async Task<int> CheckAsync(string url, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var target) || target.Scheme is not ("http" or "https"))
        {
            await Console.Error.WriteLineAsync($"'{url}' is no URL to ask");
            return CommonOptions.BadConfiguration;
        }

        try
        {
            using var client = new HttpClient { Timeout = Limit };
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
