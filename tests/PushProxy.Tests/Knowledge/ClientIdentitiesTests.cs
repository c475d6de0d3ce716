using System.Net;
using Microsoft.AspNetCore.Http;
using PushProxy.Knowledge;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Knowledge;

public class ClientIdentitiesTests
{
    private readonly ClientIdentities _clients = new(new LearningOptions());

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
    public void A_value_that_several_newcomers_were_given_identifies_nobody()
    {
        const string Test = "wordpress_test_cookie=WP%20Cookie%20check";
        _clients.Issue(Test + "; path=/", newcomer: 1);
        _clients.Issue(Test + "; path=/", newcomer: 1);
        Assert.True(Client(Test + "; a=session-of-alice").MayBe(Client(Test + "; a=session-of-bob")));
        Assert.True(_clients.Identifies(Test));

        _clients.Issue(Test + "; path=/", newcomer: 2);
        Assert.False(Client(Test + "; a=session-of-alice").MayBe(Client(Test + "; a=session-of-bob")));
        Assert.True(Client(Test).Marks.IsEmpty);
        Assert.False(_clients.Identifies(Test));
        Assert.Equal(ClientProof.None, Client(Test).Proof);
    }

    [Fact]
    public void What_a_common_value_joined_before_it_was_known_to_be_common_falls_apart_and_nothing_else()
    {
        // As after a start, when visitors come with cookies from before.
        const string Test = "wordpress_test_cookie=WP%20Cookie%20check";
        foreach (var who in (string[])["alice", "bob"])
        {
            _clients.Renew(Client(Test), $"logged_in={who}-at-first");
            _clients.Renew(Client($"{Test}; logged_in={who}-at-first"), $"logged_in={who}-renewed");
        }

        Assert.True(Client("logged_in=alice-renewed").MayBe(Client("logged_in=bob-renewed")));

        _clients.Issue(Test, newcomer: 1);
        _clients.Issue(Test, newcomer: 2);
        Assert.False(Client($"{Test}; logged_in=alice-renewed").MayBe(Client($"{Test}; logged_in=bob-renewed")));
        Assert.True(Client("logged_in=alice-renewed").MayBe(Client("logged_in=alice-at-first")));
        Assert.True(Client("logged_in=bob-renewed").MayBe(Client("logged_in=bob-at-first")));
    }

    [Fact]
    public void What_a_member_is_given_is_not_taken_for_everybodys()
    {
        _clients.Issue("session=of-alice");
        _clients.Issue("session=of-alice", newcomer: 1);
        Assert.True(Client("session=of-alice").MayBe(Client("session=of-alice; x=1")));
        Assert.Equal(ClientProof.Shown, Client("session=of-alice").Proof);
    }

    [Fact]
    public void Only_so_many_common_values_are_remembered()
    {
        for (var i = 0; i < 3 * ClientIdentities.MaxIssued; i++)
        {
            _clients.Issue($"session=flood-{i}", newcomer: 1);
            _clients.Issue($"session=flood-{i}", newcomer: 2);
        }

        Assert.True(_clients.Identifies("session=flood-0"));
        Assert.False(_clients.Identifies($"session=flood-{(3 * ClientIdentities.MaxIssued) - 1}"));
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
        Assert.Equal(identifies, _clients.Identifies(setCookie));

    [Fact]
    public void No_more_than_a_few_marks_are_kept() =>
        Assert.InRange(Client(string.Join("; ", Enumerable.Range(0, 1000).Select(i => $"c{i}=0123456789"))).Marks.Length, 1, ClientId.MaxMarks);

    [Fact]
    public void A_client_is_shown_by_a_cookie_that_the_origin_was_seen_to_set()
    {
        _clients.Issue("session=real; Path=/; HttpOnly");
        Assert.Equal(ClientProof.Shown, Client("lang=en; session=real").Proof);
        Assert.Equal(ClientProof.None, Client("session=invented").Proof);
        Assert.Equal(ClientProof.None, Client("other=real-and-long").Proof);
        Assert.Equal(ClientProof.None, Client("").Proof);
        Assert.Equal(ClientProof.IfAnswerDiffers, Client("", "Basic YTpi").Proof);
        Assert.Equal(ClientProof.Shown, Client("session=real", "Basic YTpi").Proof);
    }

    [Fact]
    public void Who_is_sent_a_session_for_an_invented_one_is_not_shown_by_it()
    {
        _clients.Issue("session=real");
        Assert.Equal(ClientProof.None, _clients.Renew(Client("session=invented"), "session=real").Proof);
        Assert.Equal(ClientProof.Shown, _clients.Renew(Client(""), "session=real").Proof);
    }

    [Fact]
    public void With_trust_every_cookie_counts()
    {
        var trusting = new ClientIdentities(new LearningOptions { TrustCookies = true });
        Assert.Equal(ClientProof.Shown, trusting.Of(new HeaderDictionary { ["Cookie"] = "session=elsewhere" }).Proof);
        Assert.Equal(ClientProof.Shown, trusting.Of(new HeaderDictionary { ["Authorization"] = "Bearer x" }).Proof);
    }

    [Fact]
    public void However_many_sessions_are_handed_out_one_in_use_stays_known()
    {
        _clients.Issue("session=used");
        _clients.Issue("session=unused");
        for (var i = 0; i < 3 * ClientIdentities.MaxIssued; i++)
        {
            _clients.Issue($"session=flood-{i}");
            if (i % 1000 == 0)
            {
                Assert.Equal(ClientProof.Shown, Client("session=used").Proof);
            }
        }

        Assert.Equal(ClientProof.None, Client("session=unused").Proof);
    }

    [Fact]
    public void What_the_origin_has_set_outlives_a_new_epoch()
    {
        _clients.Issue("session=real");
        for (var i = 0; i <= ClientIdentities.MaxRenewals; i++)
        {
            _clients.Renew(Client("session=before"), $"session=renewed-{i}");
        }

        Assert.Equal(ClientProof.Shown, Client("session=real").Proof);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true, true)]
    [InlineData("192.0.2.1", "192.0.2.200", true, false)]
    [InlineData("192.0.2.1", "192.0.3.1", false, false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true, true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true, true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", true, false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:2:2::1", false, false)]
    [InlineData("::1", "127.0.0.1", false, false)]
    public void An_address_tells_network_and_host(string a, string b, bool sameNetwork, bool sameHost)
    {
        var (one, other) = (_clients.AddressOf(IPAddress.Parse(a)), _clients.AddressOf(IPAddress.Parse(b)));
        Assert.Equal((sameNetwork, sameHost), (one.Network == other.Network, one.Host == other.Host));
        Assert.NotEqual(0ul, one.Host);
        Assert.NotEqual(new ClientIdentities(new()).AddressOf(IPAddress.Parse(a)), one);
        Assert.Equal(default, _clients.AddressOf(null));
    }

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
