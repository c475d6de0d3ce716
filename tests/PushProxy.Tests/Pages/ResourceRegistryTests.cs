using PushProxy.Pages;
using Xunit;

namespace PushProxy.Tests.Pages;

public class ResourceRegistryTests
{
    private static readonly Uri Css = new("https://site.test/a.css?v=1");
    private readonly ResourceRegistry _registry = new();

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public void A_resource_that_is_gone_is_missing_until_it_is_served_again(int status)
    {
        _registry.Acquire(Css);
        var version = _registry.Version;
        Assert.True(_registry.Observe("site.test", "/a.css?v=1", status));
        Assert.True(_registry.IsMissing(Css));
        Assert.NotEqual(version, _registry.Version);
        Assert.True(_registry.Observe("site.test", "/a.css?v=1", 200));
        Assert.False(_registry.IsMissing(Css));
    }

    [Theory]
    [InlineData("site.test", "/a.css?v=1", 500)]
    [InlineData("site.test", "/a.css?v=1", 302)]
    [InlineData("site.test", "/a.css?v=2", 404)]
    [InlineData("other.test", "/a.css?v=1", 404)]
    public void Nothing_else_is_evidence(string authority, string target, int status)
    {
        _registry.Acquire(Css);
        Assert.False(_registry.Observe(authority, target, status));
        Assert.False(_registry.IsMissing(Css));
    }

    [Fact]
    public void What_clients_ask_for_adds_nothing()
    {
        for (var i = 0; i < 1000; i++)
        {
            _registry.Observe("site.test", $"/{i}", 404);
        }

        Assert.Equal(0, _registry.Count);
    }

    [Fact]
    public void Lives_as_long_as_a_page_names_it()
    {
        _registry.Acquire(Css);
        _registry.Acquire(Css);
        _registry.Observe("site.test", "/a.css?v=1", 404);
        _registry.Release(Css);
        Assert.True(_registry.IsMissing(Css));
        _registry.Release(Css);
        Assert.Equal(0, _registry.Count);
        _registry.Acquire(Css);
        Assert.False(_registry.IsMissing(Css));
    }
}
