namespace PushProxy.Testing.Clients;

/// <summary>nghttp (of nghttp2): asks for one page over HTTP/2, takes pushes unless told otherwise, and prints every frame.</summary>
public sealed class Nghttp : IAsyncDisposable
{
    private readonly RunningTool _tool;

    private Nghttp(RunningTool tool) => _tool = tool;

    /// <summary>What has come over the wire so far.</summary>
    public Http2Trace Trace => Http2Trace.Parse(_tool.Output);

    /// <summary>Everything it printed so far, for what must be nowhere in it.</summary>
    public string Text => _tool.Output;

    /// <summary>Asks for a page.</summary>
    /// <param name="url">The page.</param>
    /// <param name="fields">Request header fields, each as <c>name: value</c>; an option starts with a dash.</param>
    public static Nghttp Get(Uri url, params string[] fields)
    {
        var options = fields.SelectMany(f => f.StartsWith('-') ? [f] : new[] { "-H", f });
        // "-y": no priority frames of its own; "-n": the content is not printed, the frames are.
        return new Nghttp(RunningTool.Start("nghttp", ["-v", "-n", "-y", .. options, url.AbsoluteUri]));
    }

    /// <summary>Asks for a page and waits for the end of everything that comes with it.</summary>
    public static async Task<Http2Trace> RunAsync(Uri url, params string[] fields)
    {
        await using var client = Get(url, fields);
        return await client.EndAsync();
    }

    /// <summary>Waits until something has come over the wire.</summary>
    /// <param name="condition">Looks at what has come so far.</param>
    /// <param name="what">What is waited for; for the message.</param>
    public Task UntilAsync(Func<Http2Trace, bool> condition, string what) => _tool.UntilAsync(() => condition(Trace), what);

    /// <summary>Waits for the end of the page and all that comes with it.</summary>
    public async Task<Http2Trace> EndAsync()
    {
        await _tool.EndAsync();
        return Trace;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _tool.DisposeAsync();
}
