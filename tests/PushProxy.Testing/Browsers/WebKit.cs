using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace PushProxy.Testing.Browsers;

/// <summary>Debian's WebKitGTK in its MiniBrowser, on a screen that nobody sees, driven by WebDriver. It takes any certificate.</summary>
public sealed class WebKit : IDrivenBrowser
{
    private readonly RunningTool _screen;
    private readonly SemaphoreSlim _starting = new(1, 1);

    // Whether pages may run scripts is settled when a browser starts.
    private readonly Dictionary<bool, Session> _sessions = [];

    private WebKit(RunningTool screen) => _screen = screen;

    /// <summary>Starts the screen. A browser is started with its first tab.</summary>
    public static async Task<WebKit> StartAsync()
    {
        _ = ExternalTool.Require("WebKitWebDriver");
        var screen = RunningTool.Start("Xvfb", "-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp");
        var browser = new WebKit(screen);
        await screen.UntilAsync(() => screen.Output.Contains('\n', StringComparison.Ordinal), "its number");
        return browser;
    }

    /// <inheritdoc/>
    public async Task<IDrivenTab> OpenTabAsync(bool scripts = true)
    {
        await _starting.WaitAsync();
        try
        {
            if (!_sessions.TryGetValue(scripts, out var session))
            {
                _sessions[scripts] = session = await Session.StartAsync(_screen.Output.Trim(), scripts);
            }

            return await session.OpenTabAsync();
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions.Values)
        {
            await session.DisposeAsync();
        }

        await _screen.DisposeAsync();
        _starting.Dispose();
    }

    private sealed class Session : IAsyncDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
        private readonly RunningTool _driver;
        private readonly HttpClient _client;
        private readonly SemaphoreSlim _turns = new(1, 1);
        private string _path = "session";
        private string _first = "";

        private Session(RunningTool driver, HttpClient client) => (_driver, _client) = (driver, client);

        public static async Task<Session> StartAsync(string screen, bool scripts)
        {
            var port = Ports.Free();
            var driver = RunningTool.Start(
                "env", $"DISPLAY=:{screen}", ExternalTool.Require("WebKitWebDriver"),
                string.Create(CultureInfo.InvariantCulture, $"--port={port}"));
            var session = new Session(
                driver, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = Patience });
            await Eventually.TrueAsync(() => Ports.AcceptsAsync(port), () => $"WebKitWebDriver does not listen: {driver.Error}");
            string[] arguments = scripts ? ["--automation"] : ["--automation", "--enable-javascript=false"];
            var made = await session.SendAsync(HttpMethod.Post, "", new
            {
                capabilities = new
                {
                    alwaysMatch = new Dictionary<string, object>
                    {
                        ["acceptInsecureCerts"] = true,
                        ["pageLoadStrategy"] = "none",
                        ["webkitgtk:browserOptions"] = new { args = arguments },
                    },
                },
            });
            session._path = $"session/{made.GetProperty("sessionId").GetString()}";
            session._first = (await session.SendAsync(HttpMethod.Get, "/window", null)).GetString()!;
            return session;
        }

        public async Task<IDrivenTab> OpenTabAsync()
        {
            var made = await SendAsync(_first, HttpMethod.Post, "/window/new", new { type = "tab" });
            return new Tab(this, made.GetProperty("handle").GetString()!);
        }

        /// <summary>Sends a command for one tab: commands go to the tab that was switched to last.</summary>
        public async Task<JsonElement> SendAsync(
            string tab, HttpMethod method, string command, object? body = null, CancellationToken cancellation = default)
        {
            await _turns.WaitAsync(cancellation);
            try
            {
                await SendAsync(HttpMethod.Post, "/window", new { handle = tab }, cancellation);
                return await SendAsync(method, command, body, cancellation);
            }
            finally
            {
                _turns.Release();
            }
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await _driver.DisposeAsync();
            _turns.Dispose();
        }

        private async Task<JsonElement> SendAsync(
            HttpMethod method, string command, object? body, CancellationToken cancellation = default)
        {
            using var request = new HttpRequestMessage(method, _path + command);
            if (body is not null)
            {
                // It does not read chunks.
                request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
                request.Content.Headers.ContentType = new("application/json");
            }

            using var response = await _client.SendAsync(request, cancellation);
            var value = (await response.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("value");
            return response.IsSuccessStatusCode ? value : throw new InvalidOperationException($"{command}: {value}");
        }
    }

    private sealed class Tab(Session session, string handle) : IDrivenTab
    {
        public Task GoAsync(Uri url) => session.SendAsync(handle, HttpMethod.Post, "/url", new { url = url.AbsoluteUri });

        public Task BackAsync() => session.SendAsync(handle, HttpMethod.Post, "/back", new { });

        public async Task<string> EvaluateAsync(string expression)
        {
            // What comes while a page becomes another may be lost, and is never answered.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try
            {
                var value = await session.SendAsync(
                    handle, HttpMethod.Post, "/execute/sync", new { script = "return " + expression, args = Array.Empty<string>() },
                    limit.Token);
                return value.GetString() ?? "";
            }
            catch (OperationCanceledException e)
            {
                throw new InvalidOperationException("The script was lost.", e);
            }
        }

        // That is where it is going, if it is going anywhere.
        public async Task<string> UrlAsync() => (await session.SendAsync(handle, HttpMethod.Get, "/url")).GetString()!;

        public async ValueTask DisposeAsync() => await session.SendAsync(handle, HttpMethod.Delete, "/window");
    }
}
