using System.Globalization;

namespace PushProxy.Testing.Proxies;

/// <summary>Debian's HAProxy as a layer 4 balancer, which tells who its clients are by the PROXY protocol.</summary>
public sealed class TcpBalancer : IAsyncDisposable
{
    private const int Attempts = 5;
    private readonly RunningTool _haproxy;
    private readonly TemporaryFile _configuration;

    private TcpBalancer(RunningTool haproxy, TemporaryFile configuration, int port)
    {
        (_haproxy, _configuration) = (haproxy, configuration);
        Url = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}/"));
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>Starts it.</summary>
    /// <param name="port">Where what is behind it listens.</param>
    /// <param name="version"><c>send-proxy</c> or <c>send-proxy-v2</c>.</param>
    public static async Task<TcpBalancer> StartAsync(int port, string version)
    {
        for (var attempt = 1; ; attempt++)
        {
            var own = Ports.Free();
            var file = new TemporaryFile(string.Create(CultureInfo.InvariantCulture, $"""
                defaults
                  mode tcp
                  timeout connect 10s
                  timeout client 60s
                  timeout server 60s
                listen balancer
                  bind 127.0.0.1:{own}
                  server only 127.0.0.1:{port} {version}

                """));
            var haproxy = RunningTool.Start("haproxy", "-db", "-f", file.Path);
            var balancer = new TcpBalancer(haproxy, file, own);
            try
            {
                await Eventually.TrueAsync(() => Ports.AcceptsAsync(own), () => "HAProxy did not start: " + haproxy.Error);
                return balancer;
            }
            catch (Exception) when (attempt < Attempts)
            {
                await balancer.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _haproxy.DisposeAsync();
        _configuration.Dispose();
    }
}
