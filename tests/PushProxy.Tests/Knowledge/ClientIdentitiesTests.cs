using Microsoft.AspNetCore.Http;
using PushProxy.Knowledge;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Knowledge;

public class ClientIdentitiesTests
{
    private readonly ClientIdentities _clients = new();

    [Theory]
    [InlineData("session=alice-1", "session=bob-2", false)]
    [InlineData("a=x", "a=y", false)]
    [InlineData("user=alice; theme=dark", "user=bob; theme=dark", false)]
    [InlineData("_ga=GA1.2.111; lang=de", "_ga=GA1.2.222; lang=de", false)]
    [InlineData("session=alice-1; visits=3", "visits=4; session=alice-1", true)]
    [InlineData("theme=dark", "theme=dark", true)]
    [InlineData("theme=dark; a=1", "theme=dark; a=2", true)]
    [InlineData("session=alice-1", "", true)]
    [InlineData("", "", true)]
    public void Two_clients_are_different_only_if_nothing_of_their_own_is_the_same(string a, string b, bool mayBe)
    {
        Assert.Equal(mayBe, Client(a).MayBe(Client(b)));
        Assert.Equal(mayBe, Client(b).MayBe(Client(a)));
    }

    [Fact]
    public void Authorization_tells_as_well()
    {
        Assert.False(Client("", "Basic YTpi").MayBe(Client("", "Basic Yzpk")));
        Assert.True(Client("x=12345678", "Basic YTpi").MayBe(Client("x=87654321", "Basic YTpi")));
    }

    [Fact]
    public void A_session_that_is_renewed_with_each_response_stays_one_client()
    {
        var first = Client("session=one");
        for (var i = 0; i < 10; i++)
        {
            _clients.Renew(Client($"session={(i == 0 ? "one" : $"number-{i}")}"), $"session=number-{i + 1}; Path=/; HttpOnly");
        }

        Assert.True(Client("session=number-10").MayBe(first));
        Assert.False(Client("session=another").MayBe(first));
    }

    [Fact]
    public void A_newcomer_is_known_by_the_cookie_it_gets()
    {
        var newcomer = _clients.Renew(Client(""), "session=fresh; Path=/");
        Assert.True(Client("session=fresh").MayBe(newcomer));
        Assert.False(Client("session=other").MayBe(newcomer));
    }

    [Fact]
    public void When_too_much_would_have_to_be_remembered_nothing_counts_any_more()
    {
        var before = Client("session=before");
        var epoch = _clients.Epoch;
        for (var i = 0; i <= ClientIdentities.MaxRenewals; i++)
        {
            _clients.Renew(before, $"session=renewed-{i}");
        }

        Assert.NotEqual(epoch, _clients.Epoch);
        Assert.True(Client("session=somebody-else").MayBe(before));
    }

    [Theory]
    [InlineData("lang=de", false)]
    [InlineData("visited=1; Path=/", false)]
    [InlineData("PHPSESSID=1; Path=/", true)]
    [InlineData("x=0123456789abcdef", true)]
    [InlineData("x=", false)]
    [InlineData("nonsense", false)]
    public void A_cookie_everybody_gets_alike_is_nobodys_own(string setCookie, bool identifies) =>
        Assert.Equal(identifies, ClientIdentities.Identifies(setCookie));

    [Fact]
    public void No_more_than_a_few_marks_are_kept() =>
        Assert.InRange(Client(string.Join("; ", Enumerable.Range(0, 1000).Select(i => $"c{i}=0123456789"))).Marks.Length, 1, ClientId.MaxMarks);

    private ClientId Client(string cookie, string? authorization = null)
    {
        IHeaderDictionary headers = new HeaderDictionary();
        if (cookie.Length > 0)
        {
            headers.Cookie = cookie;
        }

        if (authorization is not null)
        {
            headers.Authorization = authorization;
        }

        return _clients.Of(headers);
    }
}
