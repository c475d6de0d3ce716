using Microsoft.AspNetCore.Http;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Model;

public class VariantKeyTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Accept-Encoding", "")]
    [InlineData("Accept-Encoding, Cookie", "")]
    [InlineData("User-Agent", "user-agent")]
    [InlineData("User-Agent, accept-language,USER-AGENT", "accept-language,user-agent")]
    public void Names_what_tells_variants_apart(string vary, string expected)
    {
        Assert.True(VariantKey.TryParseVary(vary, [], out var names));
        Assert.Equal(expected, string.Join(',', names));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("Accept-Encoding, *")]
    [InlineData("a,b,c,d,e,f,g,h,i")]
    public void No_two_are_alike(string vary) => Assert.False(VariantKey.TryParseVary(vary, [], out _));

    [Theory]
    [InlineData("", "a,b")]
    [InlineData("b", "a,b")]
    [InlineData("C,a", "a,b,c")]
    public void What_other_responses_named_still_tells_variants_apart(string vary, string expected)
    {
        Assert.True(VariantKey.TryParseVary(vary, ["a", "b"], out var names));
        Assert.Equal(expected, string.Join(',', names));
    }

    [Fact]
    public void Names_of_all_responses_together_are_bounded() =>
        Assert.False(VariantKey.TryParseVary("f,g,h,i", ["a", "b", "c", "d", "e"], out _));

    [Fact]
    public void Query_and_named_headers_make_the_key()
    {
        var german = new HeaderDictionary { ["Accept-Language"] = "de" };
        var english = new HeaderDictionary { ["Accept-Language"] = "en" };
        string[] language = ["accept-language"];
        Assert.Equal(VariantKey.Of("?a", german, []), VariantKey.Of("?a", english, []));
        Assert.NotEqual(VariantKey.Of("?a", german, []), VariantKey.Of("?b", german, []));
        Assert.NotEqual(VariantKey.Of("?a", german, language), VariantKey.Of("?a", english, language));
        Assert.Equal(VariantKey.Of("?a", german, language), VariantKey.Of("?a", new HeaderDictionary { ["accept-language"] = "de" }, language));
    }
}
