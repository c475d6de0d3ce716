using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Forwarding;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Forwarding;

public class ResourceAnswerTests
{
    [Theory]
    [InlineData(200, "None", "None")]
    [InlineData(304, "None", "None")]
    [InlineData(302, "Missing", "Missing")]
    [InlineData(403, "Missing", "Missing")]
    [InlineData(404, "Missing", "Missing")]
    [InlineData(206, null, "Missing")]
    [InlineData(429, null, "Missing")]
    [InlineData(503, null, "Missing")]
    public void A_promise_that_was_not_kept_is_not_made_again(int status, string? asked, string promised)
    {
        Assert.Equal(asked, Excludes(status, wasPromised: false)?.ToString());
        Assert.Equal(promised, Excludes(status, wasPromised: true)?.ToString());
    }

    [Theory]
    [InlineData("max-age=60", false, "None")]
    [InlineData("max-age=60", true, "PrivateResource")]
    [InlineData("max-age=60, PRIVATE", false, "PrivateResource")]
    [InlineData("no-store", false, "PrivateResource")]
    [InlineData("no-store; max-age=0", false, "PrivateResource")]
    [InlineData("public; Private; max-age=60", false, "PrivateResource")]
    [InlineData("public; max-age=60", false, "None")]
    public void What_is_for_one_client_is_delivered_to_none(string cacheControl, bool setsCookies, string reason)
    {
        Assert.Equal(reason, Excludes(200, cacheControl: cacheControl, setsCookies: setsCookies).ToString());
        Assert.Equal(reason, Excludes(304, cacheControl: cacheControl, setsCookies: setsCookies).ToString());
    }

    [Theory]
    [InlineData("\"1\"", null, "\"1\"", null, true)]
    [InlineData("\"1\"", null, "\"2\"", null, false)]
    [InlineData("\"1\"", 10L, "\"1\"", 11L, true)]
    [InlineData(null, 10L, null, 10L, false)]
    [InlineData("\"1\"", 10L, null, 10L, false)]
    [InlineData("date", 10L, "date", 10L, true)]
    [InlineData("date", 10L, "date", 11L, false)]
    [InlineData("date", null, "date", null, false)]
    public void Answers_with_and_without_credentials_are_the_same_only_if_something_shows_it(
        string? tag, long? length, string? membersTag, long? membersLength, bool isSame)
    {
        var facts = Facts(null, tag, length);
        Assert.False(facts.IsSameForAll(1, 1));
        Assert.Equal(isSame, Facts(facts, membersTag, membersLength, member: 1).IsSameForAll(1, 1));
    }

    [Fact]
    public void Only_members_that_the_site_knows_count_and_each_of_them_once()
    {
        var facts = Facts(Facts(null, "\"1\"", null), "\"1\"", null, member: 1);
        Assert.False(Facts(facts, "\"1\"", null, member: 1).IsSameForAll(2, 2));
        Assert.False(Facts(facts, "\"1\"", null, member: 2, proof: ClientProof.None).IsSameForAll(2, 2));
        Assert.False(Facts(facts, "\"1\"", null, member: 2, proof: ClientProof.IfAnswerDiffers).IsSameForAll(2, 2));
        Assert.False(Facts(facts, "\"1\"", null, member: 2, address: 1).IsSameForAll(2, 2));
        Assert.True(Facts(facts, "\"1\"", null, member: 2).IsSameForAll(2, 2));
        for (var member = 2ul; member < 20; member++)
        {
            facts = Facts(facts, "\"1\"", null, member);
        }

        Assert.Equal(AnswerFacts.MaxMembers, facts.SameFor.Length);
    }

    [Theory]
    [InlineData("\"2\"", null)]
    [InlineData("\"1\"", "Cookie")]
    [InlineData("\"1\"", "Accept-Encoding, Authorization")]
    [InlineData("\"1\"", "*")]
    public void One_different_answer_counts_until_there_is_another_version(string tag, string? vary)
    {
        var facts = Facts(Facts(Facts(null, "\"1\"", null), "\"1\"", null, member: 1), tag, null, member: 2, vary: vary);
        Assert.False(Facts(facts, "\"1\"", null, member: 3).IsSameForAll(1, 1));
        Assert.False(Facts(Facts(facts, "\"1\"", null), "\"1\"", null, member: 3).IsSameForAll(1, 1));
        Assert.True(Facts(Facts(facts, "\"3\"", null), "\"3\"", null, member: 3).IsSameForAll(1, 1));
    }

    private static AnswerFacts Facts(
        AnswerFacts? before, string? tag, long? length, ulong member = 0, ulong? address = null, ClientProof proof = ClientProof.Shown,
        string? vary = null)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Cookie = member == 0 ? default(StringValues) : $"session={member}";
        http.Response.ContentType = "text/css";
        http.Response.ContentLength = length;
        http.Response.Headers.ETag = tag == "date" ? null : tag;
        http.Response.Headers.Vary = vary;
        ResourceVersion? version = tag is null ? null : new ResourceVersion((ulong)tag.GetHashCode(StringComparison.Ordinal));
        return ResourceAnswer.FactsOf(
            http, before, default, version, Freshness.Revalidate, DateTimeOffset.UnixEpoch, isForAll: true,
            () => new ClientId([member], 0) { Address = address ?? member, Proof = proof });
    }

    private static ResourceSkip? Excludes(int status, bool wasPromised = false, string? cacheControl = null, bool setsCookies = false)
    {
        var response = new DefaultHttpContext().Response;
        response.StatusCode = status;
        response.Headers.CacheControl = cacheControl;
        return ResourceAnswer.Excludes(response, setsCookies, wasPromised);
    }
}
