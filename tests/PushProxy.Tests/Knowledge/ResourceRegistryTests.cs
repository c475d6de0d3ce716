using PushProxy.Knowledge;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Knowledge;

public class ResourceRegistryTests
{
    private static readonly Uri Css = new("https://site.test/a.css?v=1");
    private readonly ResourceRegistry _registry = new();

    [Theory]
    [InlineData(ResourceSkip.Missing)]
    [InlineData(ResourceSkip.PrivateResource)]
    internal void What_is_excluded_stays_so_until_it_is_not(ResourceSkip reason)
    {
        _registry.Acquire(Css);
        var version = _registry.Version;
        Assert.True(_registry.Exclude(State(), reason));
        Assert.Equal(reason, _registry.WhyExcluded(Css));
        Assert.NotEqual(version, _registry.Version);
        Assert.False(_registry.Exclude(State(), reason));
        Assert.True(_registry.Exclude(State(), ResourceSkip.None));
        Assert.Equal(ResourceSkip.None, _registry.WhyExcluded(Css));
    }

    [Theory]
    [InlineData("site.test", "/a.css?v=2")]
    [InlineData("other.test", "/a.css?v=1")]
    [InlineData("", "")]
    public void Another_request_is_another_resource(string authority, string target)
    {
        _registry.Acquire(Css);
        Assert.False(_registry.TryFind(authority, target, out _));
        Assert.True(_registry.TryFind("site.test", "/a.css?v=1", out var state));
        Assert.Same(State(), state);
    }

    [Fact]
    public void A_target_longer_than_most_is_found_as_well()
    {
        var url = new Uri("https://site.test/" + new string('x', 2000));
        _registry.Acquire(url);
        Assert.True(_registry.TryFind("site.test", url.PathAndQuery, out _));
    }

    [Fact]
    public void What_clients_ask_for_adds_nothing()
    {
        for (var i = 0; i < 1000; i++)
        {
            Assert.False(_registry.TryFind("site.test", $"/{i}", out _));
        }

        Assert.Equal(0, _registry.Count);
    }

    [Fact]
    public void Lives_as_long_as_a_page_names_it()
    {
        _registry.Acquire(Css);
        _registry.Acquire(Css);
        _registry.Exclude(State(), ResourceSkip.Missing);
        _registry.Release(Css);
        Assert.Equal(ResourceSkip.Missing, _registry.WhyExcluded(Css));
        _registry.Release(Css);
        Assert.Equal(0, _registry.Count);
        _registry.Acquire(Css);
        Assert.Equal(ResourceSkip.None, _registry.WhyExcluded(Css));
    }

    private ResourceState State() => _registry.Find(Css)!;
}
