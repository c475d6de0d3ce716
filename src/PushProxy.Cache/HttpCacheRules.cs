namespace PushProxy.Cache;

/// <summary>What applies to one request.</summary>
/// <param name="Scope">Which responses are stored.</param>
/// <param name="ShowsStatus">Whether the response says in <c>Cache-Status</c> (RFC 9211) what the cache did.</param>
/// <param name="Partition">
/// What else tells responses apart, for example the route of a proxy. Responses of one partition never answer requests of another.
/// </param>
/// <param name="Encodes">
/// Whether text that the origin sends without content coding leaves as br, zstd or gzip, as the client prefers.
/// </param>
/// <param name="Name">
/// Under which name the request is counted, for example that of the route. Metrics have it as the tag <c>route</c>, so there should be few:
/// no more than 1,024 are told apart.
/// </param>
public readonly record struct HttpCacheRules(
    HttpCacheScope Scope, bool ShowsStatus = false, string Partition = "", bool Encodes = true, string Name = "")
{
    /// <summary>
    /// Whether something between the cache and the client changes the body of this one answer, so that it needs the bytes as they are
    /// stored. What is stored is then encoded as it leaves, and not sent in its smallest form.
    /// </summary>
    public bool ChangesBody { get; init; }
}
