using PushProxy.Knowledge;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Knowledge;

/// <summary>Which of a stylesheet's versions are changes: those with other content.</summary>
public class SheetContentsTests
{
    private static readonly ResourceKey Key = ResourceKey.Of("site.test/a.css");
    private readonly SheetContents _contents = new();
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_same_bytes_under_many_validators_are_no_change()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.False(Pass($"\"{i % 20}\"", body: 1));
        }
    }

    [Fact]
    public void Other_bytes_are_a_change_once_and_again_when_they_come_back()
    {
        Assert.False(Pass("\"1\"", body: 1));
        Assert.True(Pass("\"2\"", body: 2));
        Assert.False(Pass("\"2\"", body: 2));
        Assert.True(Pass("\"1\"", body: 1));
    }

    [Fact]
    public void What_was_fetched_in_one_coding_tells_what_passes_in_that_coding()
    {
        _contents.Fetched(Version("\"a\""), body: 100, content: 1);
        Assert.False(Pass("\"a\"", body: 100, isCoded: true));
        Assert.False(Pass("\"b\"", body: 100, isCoded: true));
        Assert.False(Pass("\"c\"", body: 1, isCoded: false));
        Assert.True(_contents.AreSame(Version("\"a\""), Version("\"b\"")));
        Assert.True(_contents.AreSame(Version("\"a\""), Version("\"c\"")));
    }

    [Fact]
    public void A_coded_body_that_nobody_can_compare_is_doubted_once_a_minute()
    {
        _contents.Fetched(Version("\"a\""), body: 100, content: 1);
        Assert.True(Pass("\"b\"", body: 200, isCoded: true));
        for (var i = 0; i < 10; i++)
        {
            Assert.False(Pass("\"a\"", body: 100, isCoded: true));
            Assert.False(Pass("\"b\"", body: 200, isCoded: true));
        }

        _now += TimeSpan.FromMinutes(1);
        Assert.True(Pass("\"b\"", body: 200, isCoded: true));
        Assert.False(_contents.AreSame(Version("\"a\""), Version("\"b\"")));

        // When it has been fetched, it is known to be the same.
        _contents.Fetched(Version("\"b\""), body: 300, content: 1);
        _now += TimeSpan.FromMinutes(1);
        Assert.False(Pass("\"b\"", body: 200, isCoded: true));
        Assert.True(_contents.AreSame(Version("\"a\""), Version("\"b\"")));
    }

    [Fact]
    public void A_new_version_that_was_fetched_because_it_was_doubted_is_not_a_change_again()
    {
        _contents.Fetched(Version("\"1\""), body: 100, content: 1);
        Assert.True(Pass("\"2\"", body: 200, isCoded: true));
        _contents.Fetched(Version("\"2\""), body: 201, content: 2);
        Assert.False(Pass("\"2\"", body: 200, isCoded: true));
        Assert.True(Pass("\"1\"", body: 100, isCoded: true));
    }

    [Fact]
    public void A_304_for_a_version_that_was_never_seen_is_doubted_once()
    {
        _contents.Fetched(Version("\"1\""), body: 1, content: 1);
        Assert.True(_contents.Passed(Version("\"2\""), null, isCoded: false, _now));
        Assert.False(_contents.Passed(Version("\"2\""), _now));
    }

    [Fact]
    public void The_first_version_is_no_change() => Assert.False(Pass("\"1\"", body: 1));

    private static ResourceVersion Version(string tag) => ResourceVersion.OfTag(Key, tag);

    private bool Pass(string tag, int body, bool isCoded = false) => _contents.Knows(Version(tag))
        ? _contents.Passed(Version(tag), _now)
        : _contents.Passed(Version(tag), (UInt128)body, isCoded, _now);
}
