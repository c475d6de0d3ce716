using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Cache.Flights;

/// <summary>
/// The head of an origin's response as what answers the request sees it. What is registered with OnStarting behind the cache runs before
/// the head is judged, because it may say that the response is for one client alone. What is registered in front of the cache stays with
/// the server, and sees what the client gets.
/// </summary>
internal abstract class OriginHead : IHttpResponseFeature
{
    private readonly HttpContext _http;
    private readonly IHttpResponseFeature _client;
    private readonly Judge _judge;
    private Stack<(Func<object, Task> Callback, object State)>? _starting;
    private TakenHead? _copy;
    private TakenHead? _shown;

    /// <param name="http">The request that is carried out.</param>
    /// <param name="judge">Decides what the head means.</param>
    protected OriginHead(HttpContext http, Judge judge)
    {
        (_http, _judge) = (http, judge);
        _client = http.Features.GetRequiredFeature<IHttpResponseFeature>();
        http.Features.Set<IHttpResponseFeature>(this);
    }

    /// <summary>Reads the head of the response as it is now.</summary>
    public delegate Verdict Judge(HttpContext http);

    public int StatusCode
    {
        get => _shown?.Status ?? _client.StatusCode;
        set => _client.StatusCode = value;
    }

    public string? ReasonPhrase
    {
        get => _client.ReasonPhrase;
        set => _client.ReasonPhrase = value;
    }

    public IHeaderDictionary Headers
    {
        get => _shown?.Fields ?? _client.Headers;
        set => _client.Headers = value;
    }

    /// <summary>Whether it is too late to change the response. The client may get another one, or may have gone.</summary>
    public bool HasStarted => HasBegun || _client.HasStarted;

    /// <summary>Whether the server lets a thread wait for a write. Without a server nothing is in the way.</summary>
    public bool AllowsSynchronousIO => _http.Features.Get<IHttpBodyControlFeature>()?.AllowSynchronousIO ?? true;

    Stream IHttpResponseFeature.Body
    {
        get => _http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().Stream;
        set => throw new NotSupportedException("IHttpResponseBodyFeature has the body.");
    }

    /// <summary>Whether the head has been decided on.</summary>
    protected abstract bool IsDecided { get; }

    /// <summary>Whether the response has begun for what answers, whatever its client has seen of it.</summary>
    protected bool HasBegun { get; set; }

    /// <summary>What a head that was taken means; null if none was.</summary>
    protected Verdict? Taken { get; private set; }

    /// <summary>Whether something has to run before the head is judged.</summary>
    protected bool IsAwaited => _starting is { Count: > 0 };

    public void OnStarting(Func<object, Task> callback, object state)
    {
        if (!IsDecided)
        {
            (_starting ??= new()).Push((callback, state));
        }
        else if (HasStarted)
        {
            throw new InvalidOperationException("OnStarting cannot be set because the response has already started.");
        }
        else
        {
            _client.OnStarting(callback, state);
        }
    }

    public void OnCompleted(Func<object, Task> callback, object state) => _client.OnCompleted(callback, state);

    /// <summary>Reads the head before something is added for one client.</summary>
    protected Verdict Take()
    {
        if (Taken is null)
        {
            _copy = IsAwaited ? new TakenHead(_client, _starting!.Count) : null;
            Taken = _judge(_http);
        }

        return Taken;
    }

    /// <summary>
    /// Returns what the head means as it leaves. What a callback changes is changed in a head that was taken before it, too.
    /// </summary>
    protected async ValueTask<Verdict> JudgeAsync()
    {
        if (IsAwaited)
        {
            await RunAsync(_copy?.Callbacks ?? 0).ConfigureAwait(false);
            if (_copy is { } copy && IsAwaited)
            {
                var before = new TakenHead(_client, 0);
                await RunAsync(0).ConfigureAwait(false);
                copy.Change(before, _client);
                _shown = copy;
                try
                {
                    Taken = _judge(_http);
                }
                finally
                {
                    _shown = null;
                }
            }
        }

        return Taken ?? _judge(_http);
    }

    /// <summary>
    /// Gives the server what was registered and has not run: what answers has failed, and the response that somebody in front of the cache
    /// makes instead is what it was registered for.
    /// </summary>
    public void PassCallbacksOn()
    {
        foreach (var (callback, state) in _starting?.Reverse() ?? [])
        {
            _client.OnStarting(callback, state);
        }

        _starting = null;
    }

    /// <summary>Gives the request its own feature back.</summary>
    protected void DetachHead()
    {
        HasBegun = false;
        _http.Features.Set(_client);
    }

    // The last comes first, as with a server. After one that has failed, no other runs.
    private async Task RunAsync(int left)
    {
        try
        {
            while (_starting!.Count > left && _starting.TryPop(out var next))
            {
                await next.Callback(next.State).ConfigureAwait(false);
            }
        }
        catch
        {
            _starting!.Clear();
            throw;
        }
    }
}
