using FsCheck.Xunit;
using Microsoft.AspNetCore.Http;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Model;

public class ResourceVersionTests
{
    private const string Date = "Tue, 15 Nov 1994 12:00:00 GMT";
    private static readonly ResourceKey Key = ResourceKey.Of("site.test/a.css?v=1");

    [Fact]
    public void It_is_the_same_after_a_restart()
    {
        Assert.Equal(17199887273154297507ul, Key.Value);
        Assert.Equal(2382480037661995218ul, ResourceVersion.OfTag(Key, "\"1\"").Value);
    }

    [Fact]
    public void The_tag_comes_before_the_date_and_the_date_before_the_content()
    {
        Assert.Equal(ResourceVersion.OfTag(Key, "\"1\""), ResourceVersion.Of(Key, new HeaderDictionary { ["ETag"] = "\"1\"", ["Last-Modified"] = Date }));
        Assert.Equal(ResourceVersion.OfLastModified(Key, Date), ResourceVersion.Of(Key, new HeaderDictionary { ["Last-Modified"] = Date }));
        Assert.Null(ResourceVersion.Of(Key, new HeaderDictionary()));
        Assert.Null(ResourceVersion.Of(Key, new HeaderDictionary { ["ETag"] = "", ["Last-Modified"] = "" }));
    }

    [Fact]
    public void A_tag_made_weak_by_compression_is_the_same_version()
    {
        Assert.Equal(ResourceVersion.OfTag(Key, "\"1\""), ResourceVersion.OfTag(Key, "W/\"1\""));
        Assert.NotEqual(ResourceVersion.OfTag(Key, "\"1\""), ResourceVersion.OfTag(Key, "w/\"1\""));
    }

    [Theory]
    [InlineData("\"5f3a-gzip\"")]
    [InlineData("\"5f3a-br\"")]
    [InlineData("W/\"5f3a-zstd\"")]
    public void A_tag_that_names_the_coding_is_the_same_version_in_any(string coded) =>
        Assert.Equal(ResourceVersion.OfTag(Key, "\"5f3a\""), ResourceVersion.OfTag(Key, coded));

    [Fact]
    public void Other_resources_other_validators_and_other_kinds_are_other_versions()
    {
        ResourceVersion[] all =
        [
            ResourceVersion.OfTag(Key, "\"1\""), ResourceVersion.OfTag(Key, "\"2\""), ResourceVersion.OfTag(ResourceKey.Of("site.test/b.css"), "\"1\""),
            ResourceVersion.OfTag(Key, Date), ResourceVersion.OfLastModified(Key, Date), ResourceVersion.OfLastModified(Key, "x"),
            ResourceVersion.OfContent(Key, 1), ResourceVersion.OfContent(Key, 2), ResourceVersion.OfContent(ResourceKey.Of("site.test/b.css"), 1),
        ];
        Assert.Distinct(all);
    }

    [Theory]
    [InlineData("\"1\"", true)]
    [InlineData("W/\"1\"", true)]
    [InlineData("\"0\", W/\"1\"", true)]
    [InlineData("\"a,b\\\" , \"1\"", true)]
    [InlineData("\"2\"", false)]
    [InlineData("*", false)]
    [InlineData("\"1", false)]
    public void If_None_Match_names_versions(string tags, bool named) =>
        Assert.Equal(named, ResourceVersion.OfTag(Key, "\"1\"").IsNamedBy(Key, new HeaderDictionary { ["If-None-Match"] = tags, ["If-Modified-Since"] = Date }));

    [Fact]
    public void If_Modified_Since_names_one_where_there_is_no_If_None_Match()
    {
        var version = ResourceVersion.OfLastModified(Key, Date);
        Assert.True(version.IsNamedBy(Key, new HeaderDictionary { ["If-Modified-Since"] = Date }));
        Assert.False(version.IsNamedBy(Key, new HeaderDictionary { ["If-Modified-Since"] = Date, ["If-None-Match"] = "\"1\"" }));
        Assert.False(version.IsNamedBy(Key, new HeaderDictionary()));
    }

    [Property(MaxTest = 2000)]
    public void Any_condition_gives_an_answer(string?[] tags, string? since) =>
        ResourceVersion.OfTag(Key, "\"1\"").IsNamedBy(Key, new HeaderDictionary { ["If-None-Match"] = tags, ["If-Modified-Since"] = since });
}
