using System.Collections.Concurrent;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>PushProxy and stock YARP in front of an origin that notes what reaches it.</summary>
public sealed class AsSentSite : IAsyncLifetime
{
    private readonly List<IProxy> _proxies = [];

    /// <summary>Of both proxies.</summary>
    public TestCertificate Certificate { get; } = new();

    /// <summary>What stands behind them.</summary>
    public RawOrigin Origin { get; } = new();

    /// <summary>What reached it, by the field <c>X-Id</c>.</summary>
    public ConcurrentDictionary<string, Head> Seen { get; } = [];

    /// <summary>PushProxy.</summary>
    public IProxy Ours => _proxies[0];

    /// <summary>Stock YARP.</summary>
    public IProxy Stock => _proxies[1];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Origin.Otherwise(request =>
        {
            Seen[request.Head.Value("X-Id") ?? ""] = request.Head;
            return request.WriteAsync(RawRequest.Response("200 OK", "Content-Type: text/plain", "ok"));
        });
        _proxies.Add(await PushProxyProcess.StartAsync(Certificate, ["--origin", Origin.Url.AbsoluteUri]));
        _proxies.Add(await StockYarp.StartAsync(
            $$$"""
            {"ReverseProxy": {
              "Routes": { "all": { "ClusterId": "site", "Match": { "Path": "/{**all}" } } },
              "Clusters": { "site": { "Destinations": { "only": { "Address": "{{{Origin.Url}}}" } } } }
            }}
            """,
            Certificate));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        await Origin.DisposeAsync();
        Certificate.Dispose();
    }

    /// <summary>Asks by curl, which is told everything in a file, because arguments are not bytes.</summary>
    /// <param name="proxy">Whom it asks.</param>
    /// <param name="protocol">As curl has it.</param>
    /// <param name="target">Path and query; a char is a byte.</param>
    /// <param name="fields">Request header fields, each as <c>name: value</c>.</param>
    /// <param name="options">Further options of curl.</param>
    /// <returns>What reached the origin; null if nothing did.</returns>
    public async Task<Head?> AskAsync(IProxy proxy, string protocol, string target, string[]? fields = null, params string[] options)
    {
        var id = Guid.NewGuid().ToString("N");
        var url = proxy.Secure.GetLeftPart(UriPartial.Authority) + target;
        var lines = (fields ?? []).Append("X-Id: " + id).Select(f => $"header = \"{Quoted(f)}\"").Append($"url = \"{Quoted(url)}\"");
        using var file = new TemporaryFile(string.Join('\n', lines) + "\n");
        var result = await ExternalTool.RunAsync(
            "curl",
            ["--silent", "--show-error", "--insecure", "--globoff", "--path-as-is", protocol, "--output", "/dev/null", .. options, "--config", file.Path]);
        return result.ExitCode == 0 ? Seen.GetValueOrDefault(id) : throw new InvalidOperationException($"curl, {target}: {result.Error}");
    }

    private static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
