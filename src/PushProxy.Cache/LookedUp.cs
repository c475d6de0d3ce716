using PushProxy.Cache.Fields;
using PushProxy.Cache.Store;

namespace PushProxy.Cache;

/// <summary>What the look into the store found for a request, for those behind.</summary>
/// <param name="Rules">What applies to the request.</param>
/// <param name="Key">The key of its URL.</param>
/// <param name="Directives">What it says to caches.</param>
/// <param name="Stored">What is stored and can't answer at once; null if nothing is.</param>
internal sealed record LookedUp(HttpCacheRules Rules, string Key, RequestDirectives Directives, StoredResponse? Stored);
