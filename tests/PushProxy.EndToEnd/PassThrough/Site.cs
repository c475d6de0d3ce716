using System.Net;
using System.Net.Sockets;
using PushProxy.Testing;
using PushProxy.Testing.Origins;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>The origins behind both proxies, and the <c>ReverseProxy</c> configuration that both read.</summary>
public sealed class Site : IAsyncDisposable
{
    /// <summary>Path prefix of the scripted origin.</summary>
    public const string Plain = "plain";

    /// <summary>The scripted origin again, but a request may stand still for no longer than three seconds.</summary>
    public const string Impatient = "impatient";

    /// <summary>Nothing listens there.</summary>
    public const string Refused = "refused";

    /// <summary>An ASP.NET Core application over HTTP/1.1.</summary>
    public const string App = "app";

    /// <summary>The same application over HTTP/2 without TLS.</summary>
    public const string AppOverHttp2 = "app2";

    private readonly Socket _unheard = new(SocketType.Stream, ProtocolType.Tcp);

    private Site(AppOrigin application)
    {
        Application = application;
        // Bound but not listening: nobody else gets the port, and whoever connects is refused.
        _unheard.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var unheard = $"http://127.0.0.1:{((IPEndPoint)_unheard.LocalEndPoint!).Port}/";
        Origin.On(Testing.Clients.RawClient.ProbePath, RawRequest.Response("200 OK", "Content-Type: text/plain", "fine"));
        Configuration = $$"""
            {
              "ReverseProxy": {
                "Routes": {
                  "plain": { "ClusterId": "plain", "Match": { "Path": "/{**all}" } },
                  "impatient": { "ClusterId": "impatient", "Match": { "Path": "/{{Impatient}}/{**all}" } },
                  "refused": { "ClusterId": "refused", "Match": { "Path": "/{{Refused}}/{**all}" } },
                  "app": { "ClusterId": "app", "Match": { "Path": "/{{App}}/{**all}" } },
                  "app2": { "ClusterId": "app2", "Match": { "Path": "/{{AppOverHttp2}}/{**all}" } }
                },
                "Clusters": {
                  "plain": { "Destinations": { "d": { "Address": "{{Origin.Url}}" } } },
                  "impatient": {
                    "HttpRequest": { "ActivityTimeout": "00:00:03" },
                    "Destinations": { "d": { "Address": "{{Origin.Url}}" } }
                  },
                  "refused": { "Destinations": { "d": { "Address": "{{unheard}}" } } },
                  "app": { "Destinations": { "d": { "Address": "{{application.Http1}}" } } },
                  "app2": {
                    "HttpRequest": { "Version": "2", "VersionPolicy": "RequestVersionExact" },
                    "Destinations": { "d": { "Address": "{{application.Http2}}" } }
                  }
                }
              }
            }
            """;
        ConfigurationFile = Path.Combine(_folder.FullName, "site.json");
        File.WriteAllText(ConfigurationFile, Configuration);
    }

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pushproxy-site-");

    /// <summary>The scripted origin.</summary>
    public RawOrigin Origin { get; } = new();

    /// <summary>The ASP.NET Core application.</summary>
    public AppOrigin Application { get; }

    /// <summary>For the proxies' TLS listeners.</summary>
    public TestCertificate Certificate { get; } = new();

    /// <summary>JSON with the section <c>ReverseProxy</c>.</summary>
    public string Configuration { get; }

    /// <summary>The same as a file.</summary>
    public string ConfigurationFile { get; }

    /// <summary>Starts the origins.</summary>
    public static async Task<Site> StartAsync() => new(await AppOrigin.StartAsync());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _unheard.Dispose();
        await Origin.DisposeAsync();
        await Application.DisposeAsync();
        Certificate.Dispose();
        _folder.Delete(recursive: true);
    }
}
