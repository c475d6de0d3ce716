using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Cache.Flights;

/// <summary>
/// The response to a request that no client waits for. Without a server somebody else has to run what was registered to run at its end, or
/// nothing that a request disposes of then would be disposed of.
/// </summary>
internal sealed class BackgroundResponse : HttpResponseFeature
{
    private Stack<(Func<object, Task> Callback, object State)>? _completed;

    public override void OnCompleted(Func<object, Task> callback, object state) => (_completed ??= new()).Push((callback, state));

    /// <summary>Runs what was registered, the last first. One that fails does not keep the others from running.</summary>
    /// <param name="failed">Called with what one of them has thrown.</param>
    public async Task CompleteAsync(Action<Exception> failed)
    {
        while (_completed is not null && _completed.TryPop(out var next))
        {
            try
            {
                await next.Callback(next.State).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                failed(e);
            }
        }
    }
}
