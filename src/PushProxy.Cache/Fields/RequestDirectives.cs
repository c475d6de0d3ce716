using Microsoft.AspNetCore.Http;

namespace PushProxy.Cache.Fields;

/// <summary>
/// What a request says to caches (RFC 9111 §5.2.1, §5.4). A client that reloads sends no-cache or max-age=0. What these oblige the cache to
/// is decided elsewhere.
/// </summary>
internal readonly struct RequestDirectives
{
    /// <summary>Whether the client wants the origin to be asked before it is answered from what is stored.</summary>
    public bool NoCache { get; private init; }

    public bool NoStore { get; private init; }

    public bool OnlyIfCached { get; private init; }

    /// <summary>The greatest age in seconds that the client takes.</summary>
    public int MaxAge { get; private init; }

    /// <summary>For how many seconds more the response should be fresh.</summary>
    public int MinFresh { get; private init; }

    public static RequestDirectives Of(IHeaderDictionary headers)
    {
        var control = headers.CacheControl;
        if (control.Count == 0)
        {
            return new RequestDirectives { MaxAge = int.MaxValue, NoCache = Words.Have(headers.Pragma, "no-cache") };
        }

        var (noCache, noStore, onlyIfCached, maxAge, minFresh) = (false, false, false, int.MaxValue, 0);
        foreach (var directive in Words.Of(control))
        {
            var equals = directive.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? directive : directive[..equals];
            var value = equals < 0 ? "" : directive[(equals + 1)..].Trim('"');
            switch (name.ToLowerInvariant())
            {
                case "no-cache": noCache = true; break;
                case "no-store": noStore = true; break;
                case "only-if-cached": onlyIfCached = true; break;
                case "max-age" when DeltaSeconds.TryParse(value, out var seconds): maxAge = Math.Min(maxAge, seconds); break;
                case "min-fresh" when DeltaSeconds.TryParse(value, out var seconds): minFresh = Math.Max(minFresh, seconds); break;
            }
        }

        return new RequestDirectives
        {
            NoCache = noCache,
            NoStore = noStore,
            OnlyIfCached = onlyIfCached,
            MaxAge = maxAge,
            MinFresh = minFresh,
        };
    }
}
