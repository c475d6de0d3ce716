using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Client;
using PushProxy.Client.Cached;
using PushProxy.Model;

namespace PushProxy.Bench;

/// <summary>
/// What the client's cache costs a page view: the cookie is found, taken out of what the origin sees and read, and decided for the
/// page's twenty resources; when the response comes it is read once more, what the connection knows is added, and it is written.
/// The goal: 5 µs and 1 kB.
/// </summary>
public class PageViewBenchmark
{
    private const int Resources = 20;
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 10, 20, 30, TimeSpan.Zero);
    private readonly ClientCacheOptions _options = new();
    private readonly ResourceKey[] _keys = new ResourceKey[Resources];
    private readonly ResourceVersion?[] _versions = new ResourceVersion?[Resources];
    private readonly IHeaderDictionary _request = new HeaderDictionary();
    private readonly DefaultHttpContext _http = new();
    private readonly ConnectionCache _known = new(new ClientCacheOptions().MaxConnectionEntries, TimeSpan.FromDays(1));
    private readonly ConnectionCache _served = new(new ClientCacheOptions().MaxConnectionEntries, TimeSpan.FromDays(1));

    /// <summary>Resources the cookie names.</summary>
    [Params(20, 100, 200)]
    public int CookieEntries { get; set; }

    /// <summary>Twenty resources, half of them in the cookie.</summary>
    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < Resources; i++)
        {
            _keys[i] = ResourceKey.Of("www.site.test/assets/" + i);
            _versions[i] = ResourceVersion.OfTag(_keys[i], "\"1\"");
            var connection = i < Resources / 2 ? _known : _served;
            connection.Record(_keys[i], _versions[i]!.Value, CacheEvidence.ServedOnConnection, Freshness.FreshUntil(Now.AddHours(1)), Now);
        }

        var set = new CachedSet(stackalloc uint[CachedSet.Room], _options.MaxCookieEntries);
        for (var i = 0; i < CookieEntries; i++)
        {
            var version = i < Resources / 2 ? _versions[i]!.Value : ResourceVersion.OfTag(ResourceKey.Of("www.site.test/other/" + i), "\"1\"");
            set.Add(version, CoarseTime.Of(Now.AddHours(1 + (i % 5)), Now));
        }

        var cookie = CacheCookie.Write(set, "", Now, _options.MaxCookieBytes)!;
        _request.Cookie = "session=0123456789abcdef; theme=dark; " + cookie[..cookie.IndexOf(';', StringComparison.Ordinal)];
        _http.Request.Scheme = "https";
        _http.Request.Method = "GET";
        _http.Response.Headers.CacheControl = "no-cache";
    }

    /// <summary>The client has half of them, as the cookie and the connection know: nothing is written.</summary>
    [Benchmark(Baseline = true)]
    public int Unchanged() => View(_known);

    /// <summary>The other half was served on this connection: the cookie is written.</summary>
    [Benchmark]
    public int Changed() => View(_served);

    /// <summary>The request without anything to decide: the cookie is taken out.</summary>
    [Benchmark]
    public StringValues TakeOut() => CookieHeader.Remove(_request.Cookie);

    private int View(ConnectionCache connection)
    {
        var cookie = _request.Cookie;
        var known = Decide(connection, cookie);
        var left = CookieHeader.Remove(cookie);
        var written = Write(connection, cookie);
        return known + left.Count + (written?.Length ?? 0);
    }

    private int Decide(ConnectionCache connection, StringValues cookie)
    {
        CookieHeader.TryFind(cookie, out var text);
        var set = CachedSetReader.Read(text, Now, stackalloc uint[CachedSet.Room], _options.MaxCookieEntries);
        var view = new ClientCacheView(connection, set, ReloadDetection.Of(_request), Now);
        var known = 0;
        for (var i = 0; i < Resources; i++)
        {
            known += view.Has(_keys[i], _versions[i]) == CacheEvidence.None ? 0 : 1;
        }

        return known;
    }

    private string? Write(ConnectionCache connection, StringValues cookie)
    {
        if (CookieCarrierRule.Of(_http.Request, 200, _http.Response.Headers) != CookieCarrier.AllowedOncePrivate)
        {
            return null;
        }

        CookieHeader.TryFind(cookie, out var text);
        var set = CachedSetReader.Read(text, Now, stackalloc uint[CachedSet.Room], _options.MaxCookieEntries);
        connection.AddTo(ref set, Now, withStale: true);
        return CacheCookie.Write(set, text, Now, _options.MaxCookieBytes);
    }
}
