using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using PushProxy.Analysis;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// Asks the origin for resources whose names may be told but for which no answer was seen yet, one at a time and without credentials. What
/// the answers say decides whether clients are told. Browsers mostly ask sooner, and then nothing is asked here.
/// </summary>
internal sealed class ResourceProbe : BackgroundService
{
    /// <summary>The maximum number of resources that wait. Further ones wait for a client's own request.</summary>
    private const int MaxWaiting = 256;

    private readonly RouteFetcher _fetcher;
    private readonly PageStore _store;
    private readonly ResourceRegistry _registry;
    private readonly LearningOptions _options;

    private readonly Channel<CriticalResource> _waiting = Channel.CreateBounded<CriticalResource>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    public ResourceProbe(RouteFetcher fetcher, PageStore store, ResourceRegistry registry, LearningOptions options)
    {
        (_fetcher, _store, _registry, _options) = (fetcher, store, registry, options);
        store.Counts.Told += Ask;
    }

    /// <summary>
    /// Asks for resources of which was forgotten what the answers said, as far as known pages name them and their names may be told. If all
    /// visitors have credentials, nobody else asks without.
    /// </summary>
    /// <param name="forgotten">Their keys. Those that need not be looked for any more are taken out.</param>
    public void AskAgain(HashSet<string> forgotten)
    {
        foreach (var page in _store.Paths.TakeWhile(_ => forgotten.Count > 0).SelectMany(static p => p.Value.Pages()))
        {
            foreach (var resource in page.Analysis.Resources)
            {
                var key = ResourceState.KeyOf(resource.Url);
                if (forgotten.Contains(key) && Ask(page, resource))
                {
                    forgotten.Remove(key);
                }
            }
        }
    }

    private void Ask(LearnedPage page)
    {
        foreach (var resource in page.Analysis.Resources)
        {
            Ask(page, resource);
        }
    }

    private bool Ask(LearnedPage page, CriticalResource resource) => page.IsTold(NameKey.Of(resource))
        && _registry.Find(resource.Url) is { NeedsAnswer: true } && _waiting.Writer.TryWrite(resource);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var resource in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            if (_registry.Find(resource.Url) is not { NeedsAnswer: true })
            {
                continue;
            }

            // The observers see the answer like any other. Only the size is counted here, if the origin does not state it.
            var fetched = await _fetcher.GetAsync(
                resource.Url, AcceptFor(resource.Kind), FetchCodings.Usual, (int)Math.Min(_options.MaxResourceBytes, int.MaxValue),
                beginning: false, stoppingToken);
            if (fetched is not null && _registry.Find(resource.Url) is { Answer.Size: < 0 } state)
            {
                _registry.Sized(state, fetched.Body.Length);
            }
        }
    }

    private static string AcceptFor(ResourceKind kind) => kind switch
    {
        ResourceKind.Style => "text/css,*/*;q=0.1",
        ResourceKind.Image => "image/avif,image/webp,image/svg+xml,image/*,*/*;q=0.8",
        _ => "*/*",
    };
}
