namespace PushProxy.Cache;

/// <summary>Is told what is purged (<see cref="HttpCachePurge"/>), so that it can forget what it knows of it.</summary>
public interface IHttpCachePurgeObserver
{
    /// <summary>Something was purged. Requests for it go to the origin from now on.</summary>
    /// <param name="purged">
    /// What was purged at once, whether anything of it was stored or not; of a group all URLs that were stored with it, after
    /// the group itself.
    /// </param>
    void Purged(IReadOnlyList<HttpCachePurged> purged);
}
