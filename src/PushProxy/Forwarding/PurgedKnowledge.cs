using PushProxy.Cache;
using PushProxy.Knowledge;
using PushProxy.Learning;

namespace PushProxy.Forwarding;

/// <summary>
/// Forgets what was learned of what is purged: who purges wants the origin to be asked. Of a resource, its version and what it named are
/// forgotten, so that it is promised to clients that have the version before, too. A page is told of in advance once it was seen again.
/// </summary>
internal sealed class PurgedKnowledge(PageStore pages, ResourceRegistry registry, SiteResources site, ResourceProbe probe)
    : IHttpCachePurgeObserver
{
    public void Purged(IReadOnlyList<HttpCachePurged> purged)
    {
        var urls = new PurgedUrls(purged);
        site.Forget(urls);
        var resources = registry.Forget(urls);
        pages.Forget(urls);
        probe.AskAgain(resources);
    }
}
