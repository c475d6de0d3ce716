namespace PushProxy.Testing.Browsers;

/// <summary>Debian's Firefox ESR, headless, driven by WebDriver BiDi. It takes any certificate.</summary>
public sealed class Firefox : IDrivenBrowser
{
    private const string Listening = "WebDriver BiDi listening on ";

    // What automation needs, Firefox sets by itself when it is driven. The names of the tests' sites have no other address.
    private const string Preferences = """
        user_pref("network.dns.disableIPv6", true);
        user_pref("browser.shell.checkDefaultBrowser", false);
        user_pref("datareporting.policy.dataSubmissionEnabled", false);
        user_pref("network.http.speculative-parallel-limit", 0);
        """;

    private readonly SemaphoreSlim _starting = new(1, 1);

    // Whether pages may run scripts is settled when a browser starts.
    private readonly Dictionary<bool, Session> _sessions = [];

    private Firefox()
    {
    }

    /// <summary>Starts it.</summary>
    public static async Task<Firefox> StartAsync()
    {
        var browser = new Firefox();
        browser._sessions[true] = await Session.StartAsync(scripts: true);
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
                _sessions[scripts] = session = await Session.StartAsync(scripts);
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

        _starting.Dispose();
    }

    private sealed class Session : IAsyncDisposable
    {
        private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("push-firefox-");
        private RunningTool? _program;
        private BiDi? _commands;

        public static async Task<Session> StartAsync(bool scripts)
        {
            var session = new Session();
            try
            {
                await session.BeginAsync(scripts);
                return session;
            }
            catch
            {
                await session.DisposeAsync();
                throw;
            }
        }

        public async Task<IDrivenTab> OpenTabAsync()
        {
            var made = await _commands!.SendAsync("browsingContext.create", new { type = "tab" });
            return new Tab(_commands, made.GetProperty("context").GetString()!);
        }

        public async ValueTask DisposeAsync()
        {
            await (_commands?.DisposeAsync() ?? ValueTask.CompletedTask);
            await (_program?.DisposeAsync() ?? ValueTask.CompletedTask);
            _profile.Delete(recursive: true);
        }

        private async Task BeginAsync(bool scripts)
        {
            await File.WriteAllTextAsync(
                Path.Combine(_profile.FullName, "user.js"),
                scripts ? Preferences : $"{Preferences}\nuser_pref(\"javascript.enabled\", false);");
            _program = RunningTool.Start(
                "firefox-esr", "--headless", "--no-remote", "--profile", _profile.FullName, "--remote-debugging-port=0", "about:blank");
            await _program.UntilAsync(() => _program.Error.Contains(Listening, StringComparison.Ordinal), "where it listens");
            var address = _program.Error.Split(Listening)[1].Split('\n')[0].Trim();
            _commands = await BiDi.ConnectAsync(new Uri(address + "/session"));
            await _commands.SendAsync("session.new", new { capabilities = new { alwaysMatch = new { acceptInsecureCerts = true } } });
        }
    }

    private sealed class Tab(BiDi commands, string context) : IPicturedTab
    {
        public Task ResizeAsync(int width, int height) =>
            commands.SendAsync("browsingContext.setViewport", new { context, viewport = new { width, height } });

        public async Task<byte[]> PictureAsync() =>
            (await commands.SendAsync("browsingContext.captureScreenshot", new { context, origin = "document" }))
                .GetProperty("data").GetBytesFromBase64();

        public Task GoAsync(Uri url) =>
            commands.SendAsync("browsingContext.navigate", new { context, url = url.AbsoluteUri, wait = "none" });

        public Task BackAsync() => commands.SendAsync("browsingContext.traverseHistory", new { context, delta = -1 });

        public async Task<string> EvaluateAsync(string expression)
        {
            var done = await commands.SendAsync(
                "script.evaluate", new { expression, target = new { context }, awaitPromise = false });
            return done.GetProperty("type").GetString() == "success"
                ? done.GetProperty("result") is var result && result.TryGetProperty("value", out var value) ? value.GetString()! : ""
                : throw new InvalidOperationException(done.ToString());
        }

        public async Task<string> UrlAsync()
        {
            var tree = await commands.SendAsync("browsingContext.getTree", new { root = context, maxDepth = 0 });
            return tree.GetProperty("contexts")[0].GetProperty("url").GetString()!;
        }

        public async ValueTask DisposeAsync() => await commands.SendAsync("browsingContext.close", new { context });
    }
}
