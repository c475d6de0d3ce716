using PushProxy.Client;
using PushProxy.Client.Pacing;
using Xunit;

namespace PushProxy.Tests.Client;

/// <summary>What a connection expects its client to ask for, so that what blocks display is sent first.</summary>
public sealed class ExpectedResourcesTests
{
    private readonly ClientConnection _connection =
        new(null, new PacingLoad(), new ClientCacheOptions(), TimeProvider.System);

    [Fact]
    public void A_hinted_stylesheet_is_expected_until_it_is_asked_for()
    {
        _connection.Hint(Resource("/a.css", 1, isBlocking: true));
        _connection.Hint(Resource("/a.woff2", 1, isBlocking: false));
        Assert.True(_connection.ExpectsBlocking(1));
        Assert.False(_connection.ExpectsBlocking(2));
        _connection.TakeHinted("/a.css");
        Assert.False(_connection.ExpectsBlocking(1));
    }

    [Fact]
    public void A_promised_stylesheet_is_expected_until_its_response_comes()
    {
        var style = Resource("/b.css", 1, isBlocking: true);
        Assert.True(_connection.TryBegin(style));
        Assert.True(_connection.ExpectsBlocking(1));
        style.IsReady = true;
        Assert.False(_connection.ExpectsBlocking(1));
    }

    private static PushedResource Resource(string target, int page, bool isBlocking) =>
        new(target, null!, new PushOrder(3, page, 0) { IsBlocking = isBlocking }, null);
}
