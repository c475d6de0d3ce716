using System.Text.Json;

namespace PushProxy.Testing.Browsers;

/// <summary>One tab of a <see cref="Chromium"/>.</summary>
public sealed class ChromiumTab
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly DevTools _tools;
    private readonly string _session;
    private readonly Lock _lock = new();
    private TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Dictionary<string, string> _document = [];
    private double _headersAfter;
    private int _status;

    private ChromiumTab(DevTools tools, string session) => (_tools, _session) = (tools, session);

    /// <summary>Loads a page up to its load event.</summary>
    public Task<TabVisit> VisitAsync(Uri url) => LoadAsync("Page.navigate", new { url = url.AbsoluteUri });

    /// <summary>Goes to an empty page, so that the next visit is one and no reload.</summary>
    public Task LeaveAsync() => LoadAsync("Page.navigate", new { url = "about:blank" });

    /// <summary>Presses the reload button, for a hard reload with Shift.</summary>
    public Task<TabVisit> ReloadAsync(bool hard) => LoadAsync("Page.reload", new { ignoreCache = hard });

    /// <summary>Evaluates JavaScript, a promise to its end, and returns its value.</summary>
    public async Task<T> EvaluateAsync<T>(string expression)
    {
        var result = await SendAsync("Runtime.evaluate", new { expression, awaitPromise = true, returnByValue = true });
        return result.TryGetProperty("exceptionDetails", out var exception)
            ? throw new InvalidOperationException(exception.ToString())
            : result.GetProperty("result").GetProperty("value").Deserialize<T>()!;
    }

    /// <summary>Returns a PNG of the top of the page, as wide and high as that, in CSS pixels.</summary>
    public async Task<byte[]> PictureAsync(int width, int height)
    {
        await SendAsync("Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = 1, mobile = false });
        return (await SendAsync("Page.captureScreenshot", new { format = "png" })).GetProperty("data").GetBytesFromBase64();
    }

    /// <summary>The window's cookies, for <see cref="SetCookiesAsync"/>: an old headless Chromium keeps none over its end.</summary>
    public async Task<JsonElement> GetCookiesAsync() => (await SendAsync("Network.getAllCookies")).GetProperty("cookies");

    /// <summary>Gives the window cookies that another had.</summary>
    public Task SetCookiesAsync(JsonElement cookies) => SendAsync("Network.setCookies", new
    {
        cookies = cookies.EnumerateArray().Select(c => new
        {
            name = c.GetProperty("name").GetString(),
            value = c.GetProperty("value").GetString(),
            domain = c.GetProperty("domain").GetString(),
            path = c.GetProperty("path").GetString(),
            secure = c.GetProperty("secure").GetBoolean(),
            httpOnly = c.GetProperty("httpOnly").GetBoolean(),
            sameSite = c.TryGetProperty("sameSite", out var site) ? site.GetString() : null,
            expires = c.GetProperty("expires").GetDouble(),
        }).ToArray(),
    });

    internal Task<JsonElement> SendAsync(string method, object? parameters = null) => _tools.SendAsync(method, parameters, _session);

    internal static async Task<ChromiumTab> AttachAsync(DevTools tools, string session)
    {
        var tab = new ChromiumTab(tools, session);
        tools.Listen(session, tab.On);
        await tab.SendAsync("Page.enable");
        await tab.SendAsync("Network.enable");
        await tab.SendAsync("Runtime.enable");
        return tab;
    }

    private async Task<TabVisit> LoadAsync(string method, object parameters)
    {
        Task loaded;
        lock (_lock)
        {
            _document = [];
            _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
            loaded = _loaded.Task;
        }

        await SendAsync(method, parameters);
        await loaded.WaitAsync(Patience);
        var resources = await EvaluateAsync<string[][]>(
            "performance.getEntriesByType('resource').map(e => [new URL(e.name).pathname, e.initiatorType])");
        lock (_lock)
        {
            return new TabVisit(_document, [.. resources.Select(r => (r[0], r[1]))])
            {
                HeadersAfter = TimeSpan.FromMilliseconds(_headersAfter),
                Status = _status,
            };
        }
    }

    private void On(string name, JsonElement parameters)
    {
        lock (_lock)
        {
            if (name == "Page.loadEventFired")
            {
                _loaded.TrySetResult();
            }
            else if (name == "Network.responseReceived" && parameters.GetProperty("type").GetString() == "Document")
            {
                var response = parameters.GetProperty("response");
                _document = response.GetProperty("headers").EnumerateObject()
                    .ToDictionary(h => h.Name.ToLowerInvariant(), h => h.Value.GetString()!);
                _status = response.GetProperty("status").GetInt32();
                // An empty page comes from nowhere and has no timing.
                _headersAfter = response.TryGetProperty("timing", out var timing) ? timing.GetProperty("receiveHeadersEnd").GetDouble() : 0;
            }
        }
    }
}

/// <summary>What loading a page in a tab came to.</summary>
/// <param name="Headers">Of the page's response, names in lower case.</param>
/// <param name="Resources">What the page loaded, from wherever, and what made it: <c>link</c>, <c>script</c>, <c>early-hints</c>.</param>
public sealed record TabVisit(IReadOnlyDictionary<string, string> Headers, IReadOnlyList<(string Path, string Initiator)> Resources)
{
    /// <summary>What the debug header says.</summary>
    public string Decision => Headers.GetValueOrDefault("pushproxy-decision", "");

    /// <summary>
    /// When the fields of the page's final response were there, from the start of its request: a 103 before them counts nothing.
    /// </summary>
    public TimeSpan HeadersAfter { get; init; }

    /// <summary>The status of that response.</summary>
    public int Status { get; init; }
}
