using System.Diagnostics;
using System.Globalization;

namespace PushProxy.Testing.Origins;

/// <summary>Debian's nginx serving a folder over HTTP/1.1 on a loopback port: a stock web server as an origin.</summary>
public sealed class NginxOrigin : IAsyncDisposable
{
    private const int Attempts = 5;
    private readonly DirectoryInfo _prefix;
    private readonly Process _process;

    private NginxOrigin(DirectoryInfo prefix, Process process, int port)
    {
        (_prefix, _process) = (prefix, process);
        Url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>The request targets it has answered, in order.</summary>
    public IReadOnlyList<string> Requested => [.. File.ReadAllLines(Path.Combine(_prefix.FullName, "access.log"))];

    /// <summary>Starts nginx with a configuration of its own.</summary>
    /// <param name="files">What it serves: path from the root, content.</param>
    public static async Task<NginxOrigin> StartAsync(IReadOnlyDictionary<string, string> files)
    {
        var nginx = ExternalTool.Require("nginx");
        var prefix = Directory.CreateTempSubdirectory("pushproxy-nginx-");
        foreach (var (name, content) in files)
        {
            var file = Path.Combine(prefix.FullName, "site", name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, content);
        }

        for (var attempt = 1; ; attempt++)
        {
            var port = Ports.Free();
            await File.WriteAllTextAsync(Path.Combine(prefix.FullName, "nginx.conf"), Configuration(port));
            var process = Process.Start(new ProcessStartInfo(nginx, ["-p", prefix.FullName, "-c", "nginx.conf", "-e", "error.log"]))!;
            ChildProcesses.KillAtExit(process);
            if (await AcceptsAsync(process, port))
            {
                return new NginxOrigin(prefix, process, port);
            }

            var log = await File.ReadAllTextAsync(Path.Combine(prefix.FullName, "error.log"));
            process.Dispose();
            if (attempt == Attempts)
            {
                throw new InvalidOperationException("nginx did not start: " + log);
            }
        }
    }

    /// <summary>Replaces or adds a file.</summary>
    public Task WriteAsync(string name, string content) => File.WriteAllTextAsync(Path.Combine(_prefix.FullName, "site", name), content);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _prefix.Delete(recursive: true);
    }

    private static async Task<bool> AcceptsAsync(Process process, int port)
    {
        var accepts = false;
        await Eventually.TrueAsync(
            async () =>
            {
                if (process.HasExited)
                {
                    return true;
                }

                // Somebody else's port would answer too.
                return accepts = await Ports.AcceptsAsync(port) && !process.HasExited;
            },
            () => "nginx neither listens nor ends.");
        return accepts;
    }

    private static string Configuration(int port) => $$"""
        daemon off;
        {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
        worker_processes 1;
        pid nginx.pid;
        events { worker_connections 256; }
        http {
          log_format target '$request_uri';
          access_log access.log target;
          client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp; uwsgi_temp_path tmp; scgi_temp_path tmp;
          types { text/html html; text/css css; text/javascript js; image/svg+xml svg; }
          server {
            listen 127.0.0.1:{{port}};
            root site;
            expires 1h;
            location ~ \.html$ { expires -1; }
            location = / { expires -1; index index.html; }
          }
        }
        """;
}
