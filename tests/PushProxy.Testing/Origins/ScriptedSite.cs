using System.Collections.Concurrent;
using PushProxy.Testing.Clients;

namespace PushProxy.Testing.Origins;

/// <summary>
/// A site of pages and files on a <see cref="RawOrigin"/>. It notes what it is asked for, and a test may hold an answer back until it
/// has seen what it waits for: so "before the origin answers" is a matter of order, not of time.
/// </summary>
public sealed class ScriptedSite : IAsyncDisposable
{
    private readonly RawOrigin _origin = new();
    private readonly ConcurrentQueue<Head> _requests = new();
    private readonly ConcurrentDictionary<string, HeldAnswer> _held = new();

    /// <summary>Where it listens.</summary>
    public Uri Url => _origin.Url;

    /// <summary>
    /// The requests for a path so far, whatever their query, by clients that say who they are. Those of the program itself, which reads
    /// stylesheets to learn what they need, are in <see cref="ReadingsOf"/>.
    /// </summary>
    public IReadOnlyList<Head> RequestsFor(string path) =>
        [.. _requests.Where(r => PathOf(r) == path && r.Value("User-Agent") is { } agent && !IsProgram(agent))];

    /// <summary>The requests that the program itself made for a path so far, to learn.</summary>
    public IReadOnlyList<Head> ReadingsOf(string path) =>
        [.. _requests.Where(r => PathOf(r) == path && r.Value("User-Agent") is { } agent && IsProgram(agent))];

    /// <summary>Sets what answers requests for a path, whatever their query. Other paths get a 404.</summary>
    public void On(string path, Func<RawRequest, Task> answer) => _origin.On(path, async request =>
    {
        _requests.Enqueue(request.Head);
        if (_held.TryGetValue(path, out var held))
        {
            await held.PassAsync();
        }

        await answer(request);
    });

    /// <summary>Sets an answer: status line without version, further header lines, body.</summary>
    public void On(string path, string status, string headers, string body) =>
        On(path, request => request.WriteAsync(RawRequest.Response(status, headers, body)));

    /// <summary>Sets a page by what stands in its head. It has no validators unless <paramref name="headers"/> has them.</summary>
    public void Page(string path, string head, string headers = "X-Kind: page") =>
        On(path, "200 OK", "Content-Type: text/html\n" + headers, Html(head));

    /// <summary>A document with this in its head.</summary>
    public static string Html(string head) => $"<!doctype html><html><head><title>page</title>{head}</head><body>text</body></html>";

    /// <summary>Sets files that may be kept for a minute, their type by their name.</summary>
    public void Files(params IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            On(path, "200 OK", $"Content-Type: {TypeOf(path)}\nCache-Control: max-age=60", $"/* {path} */");
        }
    }

    /// <summary>From now on answers for this path are held back until they are released.</summary>
    public HeldAnswer Hold(string path) => _held[path] = new HeldAnswer(path);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (var held in _held.Values)
        {
            held.Release();
        }

        return _origin.DisposeAsync();
    }

    private static bool IsProgram(string agent) => agent.StartsWith("PushProxy/", StringComparison.Ordinal);

    private static string PathOf(Head request) => request.StartLine.Split(' ')[1].Split('?')[0];

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".css" => "text/css",
        ".js" => "text/javascript",
        ".woff2" => "font/woff2",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}

/// <summary>An answer that a <see cref="ScriptedSite"/> holds back.</summary>
public sealed class HeldAnswer(string path)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits until the origin has been asked.</summary>
    /// <exception cref="TimeoutException">It never was.</exception>
    public async Task ArrivedAsync()
    {
        try
        {
            await _arrived.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The origin was never asked for {path}.");
        }
    }

    /// <summary>Lets this answer go, and all later ones.</summary>
    public void Release() => _released.TrySetResult();

    internal Task PassAsync()
    {
        _arrived.TrySetResult();
        return _released.Task;
    }
}
