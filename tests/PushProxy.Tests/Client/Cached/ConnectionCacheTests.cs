using FsCheck;
using FsCheck.Xunit;
using PushProxy.Client.Cached;
using PushProxy.Model;
using Xunit;
using static PushProxy.Tests.Client.Cached.Cookies;

namespace PushProxy.Tests.Client.Cached;

public class ConnectionCacheTests
{
    private const int Max = 16;
    private static readonly ResourceKey Style = ResourceKey.Of("site.test/a.css");
    private static readonly ResourceVersion V1 = ResourceVersion.OfTag(Style, "\"1\"");
    private static readonly ResourceVersion V2 = ResourceVersion.OfTag(Style, "\"2\"");
    private static readonly Freshness Hour = Freshness.FreshUntil(Now.AddHours(1));
    private readonly ConnectionCache _cache = new(Max, TimeSpan.FromDays(1));

    [Fact]
    public void Tells_how_it_knows()
    {
        Assert.Equal(CacheEvidence.None, _cache.Has(Style, V1, Now));
        foreach (var evidence in Enum.GetValues<CacheEvidence>().Where(e => e != CacheEvidence.None))
        {
            var cache = new ConnectionCache(Max, TimeSpan.FromDays(1));
            cache.Record(Style, V1, evidence, Hour, Now);
            Assert.Equal(evidence, cache.Has(Style, V1, Now));
        }
    }

    [Fact]
    public void Another_version_and_one_that_expired_are_not_had()
    {
        _cache.Record(Style, V1, CacheEvidence.ServedOnConnection, Hour, Now);
        Assert.Equal(CacheEvidence.None, _cache.Has(Style, V2, Now));
        Assert.Equal(CacheEvidence.ServedOnConnection, _cache.Has(Style, V1, Hour.Until.AddTicks(-1)));

        // Then the client has to ask, until it is believed to have dropped it.
        Assert.Equal(CacheEvidence.StaleCopy, _cache.Has(Style, V1, Hour.Until));
        Assert.Equal(CacheEvidence.None, _cache.Has(Style, V2, Hour.Until));
        Assert.Equal(CacheEvidence.StaleCopy, _cache.Has(Style, V1, Hour.Until.AddDays(1).AddTicks(-1)));
        Assert.Equal(CacheEvidence.None, _cache.Has(Style, V1, Hour.Until.AddDays(1)));
    }

    [Fact]
    public void The_last_response_is_what_the_client_has()
    {
        _cache.Record(Style, V1, CacheEvidence.ServedOnConnection, Hour, Now);
        _cache.Record(Style, V2, CacheEvidence.PushedOnConnection, Hour, Now);
        Assert.Equal(CacheEvidence.None, _cache.Has(Style, V1, Now));
        Assert.Equal(CacheEvidence.PushedOnConnection, _cache.Has(Style, V2, Now));
        Assert.Equal(1, _cache.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_that_is_not_fresh_ends_what_was_known(bool stored)
    {
        _cache.Record(Style, V1, CacheEvidence.ServedOnConnection, Hour, Now);
        _cache.Record(Style, V1, CacheEvidence.ServedOnConnection, stored ? Freshness.Revalidate : Freshness.NotStored, Now);
        Assert.Equal(stored ? CacheEvidence.StaleCopy : CacheEvidence.None, _cache.Has(Style, V1, Now));
    }

    [Fact]
    public void What_is_not_stored_or_has_no_version_takes_no_room()
    {
        _cache.Record(Style, V1, CacheEvidence.ServedOnConnection, Freshness.NotStored, Now);
        _cache.Record(Style, default, CacheEvidence.ServedOnConnection, Freshness.Revalidate, Now);
        Assert.Equal(0, _cache.Count);
    }

    [Fact]
    public void A_refusal_that_is_no_longer_believed_is_no_copy()
    {
        _cache.Record(Style, V1, CacheEvidence.RefusedByClient, Hour, Now);
        Assert.Equal(CacheEvidence.None, _cache.Has(Style, V1, Hour.Until));
    }

    [Fact]
    public void A_request_or_a_refusal_is_no_news_of_what_was_delivered()
    {
        var soon = Freshness.FreshUntil(Now.AddSeconds(30));
        _cache.Record(Style, V1, CacheEvidence.ServedOnConnection, Hour, Now);
        _cache.Record(Style, V1, CacheEvidence.ConditionalRequest, soon, Now);
        _cache.Record(Style, V1, CacheEvidence.RefusedByClient, soon, Now);
        Assert.Equal(CacheEvidence.ServedOnConnection, _cache.Has(Style, V1, Now.AddMinutes(10)));

        _cache.Record(Style, V2, CacheEvidence.RefusedByClient, soon, Now);
        Assert.Equal(CacheEvidence.RefusedByClient, _cache.Has(Style, V2, Now));
    }

    [Fact]
    public void But_it_is_of_what_has_expired()
    {
        _cache.Record(Style, V1, CacheEvidence.ServedOnConnection, Hour, Now);
        _cache.Record(Style, V1, CacheEvidence.RefusedByClient, Freshness.FreshUntil(Now.AddHours(2)), Now.AddHours(1));
        Assert.Equal(CacheEvidence.RefusedByClient, _cache.Has(Style, V1, Now.AddHours(1)));
    }

    [Fact]
    public void Only_what_was_delivered_outlives_the_connection()
    {
        for (var i = 0; i < 6; i++)
        {
            _cache.Record(Key(i), Version(i), (CacheEvidence)(i + 1), Hour, Now);
        }

        _cache.Record(Key(9), Version(9), CacheEvidence.ServedOnConnection, Freshness.FreshUntil(Now.AddSeconds(20)), Now);
        var set = new CachedSet(stackalloc uint[CachedSet.Room], CachedSet.MaxEntries);
        _cache.AddTo(ref set, Now, withStale: true);
        Assert.Equal([Version(0), Version(1), Version(2), Version(5)], Have(Write(set), Enumerable.Range(0, 10).Select(Version)));
    }

    [Fact]
    public void Time_that_passes_does_not_change_the_cookie()
    {
        _cache.Record(Style, V1, CacheEvidence.ServedOnConnection, Freshness.FreshUntil(Now.AddDays(100)), Now);
        Span<uint> room = stackalloc uint[CachedSet.Room];
        var set = new CachedSet(room, CachedSet.MaxEntries);
        _cache.AddTo(ref set, Now, withStale: true);
        var text = Write(set);
        for (var day = 0; day < 85; day++)
        {
            set = CachedSetReader.Read(text, Now.AddDays(day), room, CachedSet.MaxEntries);
            _cache.AddTo(ref set, Now.AddDays(day), withStale: true);
            Assert.False(set.HasChanged);
            Assert.Equal(1, set.Count);
        }
    }

    [Property(MaxTest = 300)]
    public void Holds_the_most_recently_used_and_no_more(byte[] uses)
    {
        var cache = new ConnectionCache(Max, TimeSpan.FromDays(1));
        var order = new List<int>();
        foreach (var use in uses)
        {
            var number = use % 40;
            if (use >= 128)
            {
                cache.Record(Key(number), Version(number), CacheEvidence.ServedOnConnection, Hour, Now);
            }
            else if (!order.Contains(number))
            {
                Assert.Equal(CacheEvidence.None, cache.Has(Key(number), Version(number), Now));
                continue;
            }
            else
            {
                Assert.Equal(CacheEvidence.ServedOnConnection, cache.Has(Key(number), Version(number), Now));
            }

            order.Remove(number);
            order.Add(number);
            if (order.Count > Max)
            {
                order.RemoveAt(0);
            }

            Assert.Equal(order.Count, cache.Count);
        }

        Assert.All(Enumerable.Range(0, 40), i => Assert.Equal(order.Contains(i), cache.Has(Key(i), Version(i), Now) != CacheEvidence.None));
    }

    [Fact]
    public void Serves_several_requests_at_once()
    {
        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var number = (i * 7 + thread) % 60;
                _cache.Record(Key(number), Version(number), CacheEvidence.ServedOnConnection, Hour, Now);
                Assert.True(_cache.Has(Key(number), Version(number + 1), Now) == CacheEvidence.None);
            }
        });
        Assert.Equal(Max, _cache.Count);
        Assert.Equal(Max, Enumerable.Range(0, 60).Count(i => _cache.Has(Key(i), Version(i), Now) != CacheEvidence.None));
    }

    private static ResourceKey Key(int number) => ResourceKey.Of("site.test/" + number);
}
