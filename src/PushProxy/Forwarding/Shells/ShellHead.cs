using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Forwarding.Shells;

/// <summary>The head of the response that what forwards a request fills after a shell was sent.</summary>
/// <param name="client">The head that the client has.</param>
/// <param name="before">The response's header fields without those of the shell. The origin's answer is added to them.</param>
internal abstract class ShellHead(IHttpResponseFeature client, IHeaderDictionary before) : WriteOnlyStream, IHttpResponseFeature
{
    private Stack<(Func<object, Task> Callback, object State)>? _starting;

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = before;

    public bool HasStarted { get; private set; }

    Stream IHttpResponseFeature.Body
    {
        get => this;
        set => throw new NotSupportedException("IHttpResponseBodyFeature has the body.");
    }

    protected IHttpResponseFeature ClientHead { get; } = client;

    public void OnStarting(Func<object, Task> callback, object state)
    {
        if (HasStarted)
        {
            throw new InvalidOperationException("OnStarting cannot be set because the response has already started.");
        }

        (_starting ??= new()).Push((callback, state));
    }

    public void OnCompleted(Func<object, Task> callback, object state) => ClientHead.OnCompleted(callback, state);

    /// <summary>The head is final. It leaves nowhere if the client has had it with the shell.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (HasStarted)
        {
            return;
        }

        // The last comes first, as with a server.
        while (_starting is { } callbacks && callbacks.TryPop(out var next))
        {
            await next.Callback(next.State).ConfigureAwait(false);
        }

        HasStarted = true;
        Started();
    }

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    public sealed override void Flush()
    {
    }

    /// <summary>Called once, when the head is final.</summary>
    protected abstract void Started();
}
