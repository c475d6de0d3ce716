using PushProxy.Server.Configuration;

namespace PushProxy.Server.Commands;

/// <summary>Asks the management listener of a running proxy.</summary>
internal static class ManagementClient
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Returns the address of the listener that a configuration names.</summary>
    /// <param name="file">The configuration file; null for the default one.</param>
    /// <exception cref="ConfigurationException">The listener is off or can't be asked over HTTP.</exception>
    public static string AddressIn(string? file)
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
        return $"{address.Scheme}://{host}:{address.Port}";
    }

    /// <summary>Sends a request, prints what is answered, and returns the exit code: 0 or 1, or 2 if the URL is not one.</summary>
    public static async Task<int> SendAsync(HttpMethod method, string url, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var target) || target.Scheme is not ("http" or "https"))
        {
            await Terminal.ComplainAsync($"'{url}' is not an http or https URL");
            return CommonOptions.BadConfiguration;
        }

        try
        {
            // HTTP_PROXY is for other machines, not for this one.
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Limit };
            using var request = new HttpRequestMessage(method, target);
            using var response = await client.SendAsync(request, cancellation);
            await Terminal.PrintAsync($"{(int)response.StatusCode} {(await response.Content.ReadAsStringAsync(cancellation)).Trim()}");
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            await Terminal.ComplainAsync($"{url}: {e.GetBaseException().Message}");
            return 1;
        }
    }
}
