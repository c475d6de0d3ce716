using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PushProxy.Load.Soak.Origin;

/// <summary>
/// <c>faulty-origin</c>: the site behind both proxies, an HTTP/1.1 server that is told on standard input how to behave: a word of
/// <see cref="OriginMode"/> and how many of a hundred requests it is for. Which ones follows from the request (<see cref="ProbeHeader"/>,
/// or else its path), so that the same request meets the same fate through either proxy.
/// </summary>
internal static class FaultyOrigin
{
    /// <summary>What names a request, whichever way it takes.</summary>
    public const string ProbeHeader = "X-Soak-Probe";

    /// <summary>Where the origin says what the hash of the body is.</summary>
    public const string HashHeader = "X-Soak-Sha256";

    private static readonly TimeSpan ThinkTime = TimeSpan.FromMilliseconds(30);
    private static Behaviour _behaviour = new(OriginMode.Well, 0);

    public static Command Command()
    {
        var port = new Option<int>("--port") { Description = "0: one that the system chooses." };
        var command = new Command("faulty-origin", "The site of the soak: does what it is told on standard input.") { port };
        command.Hidden = true;
        command.SetAction(async (result, cancellation) =>
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(
                kestrel => kestrel.Listen(IPAddress.Loopback, result.GetValue(port), static l => l.Protocols = HttpProtocols.Http1));
            var app = builder.Build();
            app.Run(AnswerAsync);
            await app.StartAsync(cancellation);
            Console.WriteLine($"Listening on {app.Urls.Single()}");
            // Not Console.In, which blocks.
            using var commands = new StreamReader(Console.OpenStandardInput());
            while (await commands.ReadLineAsync(cancellation) is { } line)
            {
                Obey(line);
                Console.WriteLine("obeyed " + line);
            }
        });
        return command;
    }

    private static void Obey(string line)
    {
        var words = line.Split(' ');
        var before = _behaviour;
        _behaviour = new(Enum.Parse<OriginMode>(words[0]), int.Parse(words[1], CultureInfo.InvariantCulture));
        before.Over.TrySetResult();
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        var behaviour = _behaviour;
        var key = http.Request.Headers[ProbeHeader].FirstOrDefault() ?? http.Request.Path.Value!;
        var mode = behaviour.IsFor(key) ? behaviour.Mode : OriginMode.Well;
        if (mode == OriginMode.Hang)
        {
            await behaviour.Over.Task.WaitAsync(http.RequestAborted);
            mode = OriginMode.Reset;
        }

        if (mode == OriginMode.Reset)
        {
            Reset(http);
            return;
        }

        // What was sent comes back as its hash: bodies must arrive as they were, too.
        var file = HttpMethods.IsPost(http.Request.Method)
            ? new SiteFile("", "text/plain", await ReceiptAsync(http.Request), "no-store", HasTag: false, Chunked: false)
            : SoakSite.Find(http.Request.Path.Value!);
        if (file is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            await http.Response.WriteAsync("There is no such page.");
            return;
        }

        if (file.Type.StartsWith("text/html", StringComparison.Ordinal))
        {
            await Task.Delay(ThinkTime, http.RequestAborted);
        }

        await SendAsync(http, file, mode);
    }

    private static async Task SendAsync(HttpContext http, SiteFile file, OriginMode mode)
    {
        var (headers, body) = (http.Response.Headers, file.Body);
        headers.CacheControl = file.CacheControl;
        headers[HashHeader] = file.Hash;
        if (file.HasTag)
        {
            headers.ETag = file.Tag;
            if (http.Request.Headers.IfNoneMatch.Contains(file.Tag))
            {
                http.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        headers.ContentType = file.Type;
        headers.ContentLength = file.Chunked ? null : body.Length;
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }

        if (mode == OriginMode.Slow)
        {
            for (var i = 0; i < 8; i++)
            {
                await http.Response.Body.WriteAsync(body.AsMemory((body.Length * i / 8)..(body.Length * (i + 1) / 8)), http.RequestAborted);
                await Task.Delay(60, http.RequestAborted);
            }
        }
        else if (mode is OriginMode.ResetAmid or OriginMode.Truncate)
        {
            await http.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);

            // Kestrel sends beside this: let it have sent.
            await Task.Delay(50, http.RequestAborted);
            End(http, reset: mode == OriginMode.ResetAmid);
        }
        else
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    private static async Task<byte[]> ReceiptAsync(HttpRequest request) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(request.Body, request.HttpContext.RequestAborted)).Select(static c => (byte)c)
            .ToArray();

    private static void Reset(HttpContext http) => End(http, reset: true);

    private static void End(HttpContext http, bool reset)
    {
        var socket = http.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        if (reset)
        {
            socket.LingerState = new(enable: true, seconds: 0);
            socket.Close();
        }
        else
        {
            socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        }

        http.Abort();
    }

    private sealed record Behaviour(OriginMode Mode, int Percent)
    {
        /// <summary>Done when it behaves differently from then on.</summary>
        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Whether a request is one of those it treats so: always the same for the same key.</summary>
        public bool IsFor(string key)
        {
            var hash = 2166136261u;
            foreach (var c in key)
            {
                hash = (hash ^ c) * 16777619u;
            }

            return hash % 100 < Percent;
        }
    }
}
