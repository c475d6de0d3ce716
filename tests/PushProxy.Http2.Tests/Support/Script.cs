using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace PushProxy.Http2.Tests.Support;

/// <summary>An application whose requests wait for the test: "/held…" answers when told to, everything else at once with its path.</summary>
internal sealed class Script
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<HttpContext>> _arrived = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _released = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<IServerPushFeature>> _aborted = new();

    public async Task Serve(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.StartsWith("/held", StringComparison.Ordinal))
        {
            Arrival(path).TrySetResult(context);
            try
            {
                await Release(path).Task.WaitAsync(context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                Abortion(path).SetResult(context.ServerPush());
                return;
            }
        }

        await context.Response.WriteAsync(path);
    }

    /// <summary>The request for this path, once it is being served.</summary>
    public async Task<HttpContext> ArrivedAsync(string path) => await Arrival(path).Task.WaitAsync(Wire.WireClient.Patience);

    /// <summary>The request for this path, once it has been cancelled.</summary>
    public Task<IServerPushFeature> AbortedAsync(string path) => Abortion(path).Task.WaitAsync(Wire.WireClient.Patience);

    public void Let(string path) => Release(path).TrySetResult();

    private TaskCompletionSource<HttpContext> Arrival(string path)
        => _arrived.GetOrAdd(path, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private TaskCompletionSource<IServerPushFeature> Abortion(string path)
        => _aborted.GetOrAdd(path, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private TaskCompletionSource Release(string path)
        => _released.GetOrAdd(path, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
