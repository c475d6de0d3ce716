using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Cache.Flights;
using PushProxy.Cache.Store;

namespace PushProxy.Cache.Tests.Model;

/// <summary>The cache in front of the model's origin, without a network, because there are many of them.</summary>
internal sealed class Site : IHttpCachePolicy, IDisposable
{
    public const string Host = "site.test";

    private readonly ServiceProvider _services;
    private readonly RequestDelegate _pipeline;
    private readonly ResponseStore _store;
    private readonly FlightTable _flights;
    private int _numbers;

    public Site(HttpCacheOptions options)
    {
        Options = options;
        Origin = new Origin(Time);
        _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Time).AddSingleton<IHttpCachePolicy>(this)
            .AddHttpCache().AddSingleton(Microsoft.Extensions.Options.Options.Create(options)).BuildServiceProvider();
        var app = new ApplicationBuilder(_services);
        app.UseHttpCache();
        app.Run(Origin.AnswerAsync);
        _pipeline = app.Build();
        (_store, _flights) = (_services.GetRequiredService<ResponseStore>(), _services.GetRequiredService<FlightTable>());
    }

    public HttpCacheOptions Options { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));

    public Origin Origin { get; }

    public List<Client> Clients { get; } = [];

    public ConcurrentBag<(string? Url, long Began, long Ended)> Purges { get; } = [];

    public int Hits => Clients.Count(c => c.Headers["Cache-Status"].ToString().Contains("hit", StringComparison.Ordinal));

    public int Shared => Clients.Count(c => c.Headers["Cache-Status"].ToString().Contains("collapsed", StringComparison.Ordinal));

    /// <summary>How often something went on for longer than the model waits. It costs time, and nothing else.</summary>
    public int Unsettled { get; private set; }

    private int Pending => Clients.Count(static c => !c.Done.IsCompleted && !c.IsHolding);

    public HttpCacheRules RulesOf(HttpContext context) => new(HttpCacheScope.All, ShowsStatus: true);

    public Asked Ask(string method, string url) => new(++_numbers, Origin.NextEvent(), method, url);

    /// <summary>Sends a request. What is not over yet goes on by itself.</summary>
    public Client Send(Asked request, bool readsAtOnce, bool isStream)
    {
        var client = isStream ? new StreamClient(request, Time, readsAtOnce) : new Client(request, Time, readsAtOnce);
        var http = new DefaultHttpContext();
        var question = request.Url.IndexOf('?', StringComparison.Ordinal);
        var asked = http.Features.GetRequiredFeature<IHttpRequestFeature>();
        (asked.Method, asked.Scheme, asked.RawTarget) = (request.Method, "http", request.Url);
        asked.Protocol = isStream ? "HTTP/2" : "HTTP/1.1";
        asked.Path = question < 0 ? request.Url : request.Url[..question];
        asked.QueryString = question < 0 ? "" : request.Url[question..];
        request.WriteTo(asked.Headers);
        http.Items[typeof(Asked)] = request;
        http.Features.Set<IHttpResponseFeature>(client);
        http.Features.Set<IHttpResponseBodyFeature>(client);
        http.Features.Set<IHttpRequestLifetimeFeature>(client);
        if (client is IHttpResetFeature reset)
        {
            http.Features.Set(reset);
        }

        client.Starts = () => Origin.Heard(request);
        Clients.Add(client);
        client.Done = Task.Run(async () =>
        {
            await client.EndAsync(_pipeline(http));
            if (request.Method == "POST" && client.StatusCode == 200 && client.HasStarted)
            {
                Purges.Add((request.Url, request.Began, Origin.NextEvent()));
            }
        });
        return client;
    }

    public void Purge(string? url)
    {
        var began = Origin.NextEvent();
        _ = url is null ? _store.PurgeAll("") : _store.Purge(CacheKey.Of("http", Host, url));
        Purges.Add((url, began, Origin.NextEvent()));
    }

    /// <summary>
    /// Waits until nothing happens any more, as far as can be seen from outside. Who reads slowly may hold up others, which can't be seen.
    /// </summary>
    public async Task SettleAsync(int patience = 10)
    {
        // Counted in pauses: on a busy machine, what is waited for has as little time as this.
        var (began, pauses) = (Environment.TickCount64, 0);
        while (Pending > _flights.Waiting + Origin.Held || (Pending == 0 && _flights.Count > Origin.Held + Clients.Count(c => c.IsHolding)))
        {
            if (pauses > (Clients.Exists(static c => c.IsHolding) ? patience : 40))
            {
                Unsettled++;
                return;
            }

            if (Environment.TickCount64 - began < 2)
            {
                await Task.Yield();
            }
            else
            {
                await Task.Delay(1);
                pauses++;
            }
        }
    }

    /// <summary>Waits until everybody is answered who does not wait for the origin, so that nobody is answered later than it seems.</summary>
    public async Task AnsweredAsync()
    {
        // Who waits for the request of another counts as waiting until his own response has ended. So that says only who may wait.
        for (var pauses = 0; pauses < (Origin.HeldBeforeHead == 0 ? 30 : 10) && Unanswered() > 0; pauses++)
        {
            await Task.Delay(1);
        }

        int Unanswered() => Clients.Count(static c => !c.HasStarted && !c.Done.IsCompleted);
    }

    /// <summary>Lets everything come to its end, and returns what has gone wrong; null if nothing has.</summary>
    public async Task<string?> EndAsync()
    {
        foreach (var client in Clients)
        {
            client.Read();
        }

        var all = Task.WhenAll(Clients.Select(static c => c.Done));
        for (var i = 0; !all.IsCompleted || _flights.Count > 0; i++)
        {
            Origin.LetGo();
            var pause = Task.Delay(i < 50 ? 1 : 100);
            await (all.IsCompleted ? pause : Task.WhenAny(all, pause));
            if (i > 200)
            {
                return "Something never ends.";
            }
        }

        await all;
        var oracle = new Oracle(Origin, Options, Purges);
        foreach (var client in Clients)
        {
            if (oracle.Judge(client) is { } wrong)
            {
                return $"{client.Request} {wrong}";
            }
        }

        return _flights.Waiting == 0 ? null : "Somebody is still counted as waiting.";
    }

    public void Dispose()
    {
        foreach (var client in Clients)
        {
            client.Dispose();
        }

        _services.Dispose();
    }
}
