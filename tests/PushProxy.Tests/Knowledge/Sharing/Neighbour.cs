using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Analysis;
using PushProxy.Cache;
using PushProxy.Cache.Store;
using PushProxy.Diagnostics;
using PushProxy.Knowledge;
using PushProxy.Knowledge.Saved;
using PushProxy.Knowledge.Sharing;
using PushProxy.Model;
using PushProxy.Proof;
using PushProxy.Tests.Delivery;
using PushProxy.Tests.Knowledge.Saved;

namespace PushProxy.Tests.Knowledge.Sharing;

/// <summary>One of several instances.</summary>
internal sealed class Neighbour : IDisposable
{
    private readonly SeenElsewhere _seen = new();
    private readonly SharedNews _news;
    private readonly ResponseStore _responses;

    public Neighbour(
        SharedPlace place, FakeTimeProvider time, LearningOptions? options = null, IEnumerable<ISharedPart>? parts = null,
        ILogger<SharedKnowledge>? logger = null)
    {
        Own = new Instance(null, options, time: time);
        Access = place.Open();
        Clients = new ClientIdentities(Own.Options, Own.File);
        Texts = new SharedText(SavedRules.Of(Own.Options, new ShellOptions()));
        var purges = new SharedPurges();
        var views = new SharedViews(Book);
        _news = new SharedNews(Access, Own.Pages, Own.Registry, Own.Shells, Clients, purges, views, Texts, Own.Options, new ShellOptions(), time);
        _responses = new ResponseStore(Options.Create(new HttpCacheOptions()), time);
        Purge = new HttpCachePurge(_responses, [purges, new Forgetting(Own)]);
        var metrics = new ServiceCollection().AddMetrics().AddSingleton<PushProxyMetrics>().BuildServiceProvider()
            .GetRequiredService<PushProxyMetrics>();
        Knowledge = new SharedKnowledge(
            Own.Pages, Own.Registry, Own.Shells, Clients, Own.File, Purge, _seen, views, _news, Texts, new ShellOptions(), metrics, parts ?? [],
            logger ?? NullLogger<SharedKnowledge>.Instance);
        _news.Telling += Knowledge.SeeAgain;
        Access.Start(Knowledge);
    }

    public Instance Own { get; }

    public SharedPlace.Access Access { get; }

    public ClientIdentities Clients { get; }

    public HttpCachePurge Purge { get; }

    public SharedKnowledge Knowledge { get; }

    public SharedText Texts { get; }

    public ProofBook Book { get; } = new();

    public void Tell() => _news.Tell();

    /// <summary>Lets one connection receive a page.</summary>
    public void Receive(string path, PageAnalysis analysis, ulong connection, uint hash = 1)
    {
        var page = Some.Description(Instance.Key(path), new HeaderDictionary()) with
        {
            Connection = connection,
            Address = new(connection, connection),
        };
        if (!Own.Pages.Recognises(page, hash))
        {
            Own.Pages.Learn(page, hash, analysis);
        }
    }

    /// <summary>Lets a client with a cookie receive a page.</summary>
    public void ReceiveAsMember(string path, string cookie, ulong address, params string[] styles)
    {
        Clients.Issue($"session={cookie}");
        var client = Clients.Of(new HeaderDictionary { ["Cookie"] = $"session={cookie}" });
        Own.Pages.LearnShared(
            Some.Description(Instance.Key(path), new HeaderDictionary()) with
            {
                Audience = Audience.Members,
                Client = client with { Address = address },
                Address = new(address, address),
                Connection = address,
            },
            Some.Page([.. styles.Select(static s => Some.Style(s))]),
            security: null);
    }

    public void Dispose()
    {
        Own.Dispose();
        _seen.Dispose();
        _responses.Dispose();
    }

    private sealed class Forgetting(Instance own) : IHttpCachePurgeObserver
    {
        public void Purged(IReadOnlyList<HttpCachePurged> purged)
        {
            var urls = new PurgedUrls(purged);
            own.Registry.Forget(urls);
            own.Pages.Forget(urls);
        }
    }
}
