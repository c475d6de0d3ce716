using FsCheck;
using FsCheck.Xunit;
using Microsoft.Extensions.Primitives;
using PushProxy.Client.Cached;
using Xunit;

namespace PushProxy.Tests.Client.Cached;

public class CookieHeaderTests
{
    [Theory]
    [InlineData("__Host-pushproxy=x", null, "x")]
    [InlineData("a=1; __Host-pushproxy=x; b=2", "a=1; b=2", "x")]
    [InlineData("__Host-pushproxy=x; b=2", "b=2", "x")]
    [InlineData("a=1; __Host-pushproxy=x", "a=1", "x")]
    [InlineData("a=1;__Host-pushproxy=x;b=2", "a=1;b=2", "x")]
    [InlineData("a=1;  \t__Host-pushproxy = \"x\" ; b=2 ", "a=1; b=2 ", "x")]
    [InlineData("__Host-pushproxy=x; __Host-pushproxy=y; b=2", "b=2", "x")]
    [InlineData("a=1; __Host-pushproxy=x; b=\"2\"; __Host-pushproxy=y;", "a=1; b=\"2\";", "x")]
    [InlineData("__Host-pushproxy=", null, "")]
    [InlineData("__Host-pushproxy=\"", null, "\"")]
    [InlineData("__Host-pushproxy=a=b==", null, "a=b==")]
    public void Is_found_and_taken_out(string cookie, string? left, string value)
    {
        Assert.True(CookieHeader.TryFind(cookie, out var found));
        Assert.Equal(value, found.ToString());
        Assert.Equal(left is null ? StringValues.Empty : new StringValues(left), CookieHeader.Remove(cookie));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a=1; b=2")]
    [InlineData("__host-pushproxy=x")]
    [InlineData("__Host-pushproxy")]
    [InlineData("x__Host-pushproxy=x; __Host-pushproxy2=y; a=__Host-pushproxy")]
    [InlineData(";;; =; ,")]
    public void Others_are_left_alone(string cookie)
    {
        Assert.False(CookieHeader.TryFind(cookie, out _));
        var values = new StringValues(cookie);
        Assert.Same(values.ToString(), CookieHeader.Remove(values).ToString());
    }

    [Fact]
    public void May_be_in_any_of_several_lines()
    {
        StringValues lines = new[] { "a=1", null, "__Host-pushproxy=x", "b=2; __Host-pushproxy=y" };
        Assert.True(CookieHeader.TryFind(lines, out var value));
        Assert.Equal("x", value.ToString());
        Assert.Equal(new[] { "a=1", "b=2" }, CookieHeader.Remove(lines).ToArray());
        Assert.False(CookieHeader.TryFind(StringValues.Empty, out _));
        Assert.False(CookieHeader.TryFind(default(string), out _));
    }

    [Property(MaxTest = 3000)]
    public void Whatever_else_there_is_stays_byte_for_byte(NonNull<string>[] parts, DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var others = parts.Select(p => p.Get.Replace(CacheCookie.Name, "", StringComparison.Ordinal).Replace(';', '.')).ToList();
        var all = others.ToList();
        var inserted = random.Next(1, 4);
        for (var i = 0; i < inserted; i++)
        {
            all.Insert(random.Next(all.Count + 1), Odd(random));
        }

        var left = CookieHeader.Remove(string.Join(';', all)).ToString();
        var expected = string.Join(';', others);
        Assert.Equal(CookieHeader.TryFind(all[0], out _) ? expected.TrimStart(' ', '\t') : expected, left);
    }

    [Property(MaxTest = 3000)]
    public void Any_header_gives_an_answer(string?[] lines)
    {
        StringValues cookie = lines.Select(l => l?.Replace("a", CacheCookie.Name + "=", StringComparison.Ordinal)).ToArray();
        var left = CookieHeader.Remove(cookie);
        Assert.False(CookieHeader.TryFind(left, out _));
        Assert.Equal(left, CookieHeader.Remove(left));
    }

    private static string Odd(Random random)
    {
        string[] spaces = ["", " ", "\t ", "  "];
        string[] values = ["", "x", "\"x\"", "a=b", "\"", "é"];
        return Any(spaces) + CacheCookie.Name + Any(spaces) + "=" + Any(spaces) + Any(values) + Any(spaces);

        string Any(string[] of) => of[random.Next(of.Length)];
    }
}
