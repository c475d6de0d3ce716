using Yarp.ReverseProxy.Configuration;

namespace PushProxy.Server.Hosting;

/// <summary>What YARP has made of a change: it only logs what it can't apply, and goes on with what it had.</summary>
internal sealed class AppliedConfiguration : IConfigChangeListener
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(30);

    private TaskCompletionSource<Exception?> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a change, and waits until YARP has applied it.</summary>
    /// <returns>Null, or why it was not applied.</returns>
    public async Task<Exception?> ApplyAsync(Action change)
    {
        var next = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _next, next);
        try
        {
            change();
            return await next.Task.WaitAsync(AtMost);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e;
        }
    }

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) =>
        Volatile.Read(ref _next).TrySetResult(exception);

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        // It is not applied yet.
    }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) =>
        Volatile.Read(ref _next).TrySetResult(exception);

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs) => Volatile.Read(ref _next).TrySetResult(null);
}
