using PushProxy.Client;
using PushProxy.Client.Cached;
using PushProxy.Model;
using Xunit;
using static PushProxy.Tests.Client.Cached.Cookies;

namespace PushProxy.Tests.Client.Cached;

public class ClientCacheViewTests
{
    private static readonly ResourceKey Key = ResourceKey.Of("site.test/1");
    private readonly ConnectionCache _connection = new(16, TimeSpan.FromDays(1));

    [Fact]
    public void The_connection_comes_before_the_cookie()
    {
        Assert.Equal(CacheEvidence.InCookie, Has(Version(1)));
        _connection.Record(Key, Version(1), CacheEvidence.Validated, Freshness.FreshUntil(Now.AddHours(1)), Now);
        Assert.Equal(CacheEvidence.Validated, Has(Version(1)));
        Assert.Equal(CacheEvidence.InCookie, Has(Version(1), connection: false));
    }

    [Fact]
    public void A_version_that_is_not_known_is_not_had()
    {
        Assert.Equal(CacheEvidence.None, Has(null));
        Assert.Equal(CacheEvidence.None, Has(Version(2)));
    }

    [Theory]
    [InlineData("None", "InCookie")]
    [InlineData("Page", "InCookie")]
    [InlineData("Hard", "None")]
    public void A_hard_reload_overrides_everything(string reload, string evidence) =>
        Assert.Equal(Enum.Parse<CacheEvidence>(evidence), Has(Version(1), Enum.Parse<Reload>(reload)));

    private CacheEvidence Has(ResourceVersion? version, Reload reload = Reload.None, bool connection = true)
    {
        var text = Add("", [(Version(1), Now.AddHours(1))]);
        var set = CachedSetReader.Read(text, Now, stackalloc uint[CachedSet.Room], CachedSet.MaxEntries);
        return new ClientCacheView(connection ? _connection : null, set, reload, Now).Has(Key, version);
    }
}
