using FsCheck;
using FsCheck.Xunit;
using Microsoft.AspNetCore.Http;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Model;

public class FreshnessTests
{
    private const string Noon = "Tue, 15 Nov 1994 12:00:00 GMT";
    private static readonly DateTimeOffset Now = new(1994, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan MaxHeuristic = TimeSpan.FromDays(1);

    [Theory]
    [InlineData("max-age=60", 60)]
    [InlineData("public, MAX-AGE=60, immutable", 60)]
    [InlineData("max-age=\"60\"", 60)]
    [InlineData("private, max-age = 60", 60)]
    [InlineData("max-age=60, max-age=60", 60)]
    [InlineData("must-revalidate, max-age=60", 60)]
    [InlineData("s-maxage=5, max-age=60", 60)]
    [InlineData(",, ext=\"a, no-store, \\\"b\", max-age=60", 60)]
    [InlineData("max-age=99999999999999999999999", int.MaxValue)]
    [InlineData("max-age=31536000, private=\"Set-Cookie\"", 31536000)]
    public void Max_age_says_how_long(string control, int seconds) =>
        Assert.Equal(Freshness.FreshUntil(Now.AddSeconds(seconds)), Of(("Cache-Control", control), ("Date", Noon)));

    [Theory]
    [InlineData("no-store")]
    [InlineData("max-age=60, No-Store")]
    public void What_must_not_be_stored_is_not(string control) => Assert.Equal(Freshness.NotStored, Of(("Cache-Control", control)));

    [Theory]
    [InlineData("no-cache")]
    [InlineData("no-cache, max-age=60")]
    [InlineData("no-cache=\"Set-Cookie\", max-age=60")]
    [InlineData("max-age=0")]
    [InlineData("max-age=-1")]
    [InlineData("max-age=1.5")]
    [InlineData("max-age")]
    [InlineData("max-age=")]
    [InlineData("max-age='60'")]
    [InlineData("max-age=60, max-age=120")]
    [InlineData("max-age=60, max-age=x")]
    [InlineData("max-age=60, ext=\"never closed")]
    [InlineData("immutable")]
    [InlineData("s-maxage=60")]
    [InlineData("")]
    public void Everything_else_is_asked_for_again(string control) =>
        Assert.Equal(Freshness.Revalidate, Of(("Cache-Control", control), ("Date", Noon)));

    [Theory]
    [InlineData("Tue, 15 Nov 1994 12:01:00 GMT", 60)]
    [InlineData("Tuesday, 15-Nov-94 12:01:00 GMT", 60)]
    [InlineData("Tue Nov 15 12:01:00 1994", 60)]
    [InlineData("Tue, 15 Nov 1994 12:00:00 GMT", 0)]
    [InlineData("Mon, 14 Nov 1994 12:00:00 GMT", 0)]
    [InlineData("0", 0)]
    [InlineData("-1", 0)]
    [InlineData("soon", 0)]
    public void Expires_counts_from_Date(string expires, int seconds) =>
        Assert.Equal(After(seconds), Of(("Expires", expires), ("Date", Noon)));

    [Fact]
    public void Expires_counts_from_Date_even_where_the_origins_clock_is_wrong() =>
        Assert.Equal(After(60), Of(("Expires", "Tue, 15 Nov 1994 13:01:00 GMT"), ("Date", "Tue, 15 Nov 1994 13:00:00 GMT")));

    [Fact]
    public void Max_age_overrules_Expires_even_when_it_can_not_be_read()
    {
        Assert.Equal(After(60), Of(("Cache-Control", "max-age=60"), ("Expires", "0"), ("Date", Noon)));
        Assert.Equal(Freshness.Revalidate, Of(("Cache-Control", "max-age=x"), ("Expires", "Tue, 15 Nov 1994 12:01:00 GMT")));
    }

    [Fact]
    public void Several_Expires_or_none_that_counts_is_stale() =>
        Assert.Equal(Freshness.Revalidate, Freshness.Of(
            200, new HeaderDictionary { ["Expires"] = new[] { "Tue, 15 Nov 1994 12:01:00 GMT", "Tue, 15 Nov 1994 12:02:00 GMT" } }, Now, MaxHeuristic));

    [Theory]
    [InlineData("40", 20)]
    [InlineData("60", 0)]
    [InlineData("999999999999", 0)]
    [InlineData("old", 60)]
    [InlineData("-5", 60)]
    public void Age_is_time_gone(string age, int left) =>
        Assert.Equal(After(left), Of(("Cache-Control", "max-age=60"), ("Date", Noon), ("Age", age)));

    [Fact]
    public void So_is_the_time_since_Date()
    {
        Assert.Equal(After(20), Of(("Cache-Control", "max-age=60"), ("Date", "Tue, 15 Nov 1994 11:59:20 GMT"), ("Age", "30")));
        Assert.Equal(After(60), Of(("Cache-Control", "max-age=60"), ("Date", "never")));
    }

    [Theory]
    [InlineData("Tue, 15 Nov 1994 11:00:00 GMT", 360)]
    [InlineData("Fri, 15 Nov 1974 12:00:00 GMT", 86400)]
    [InlineData("Wed, 16 Nov 1994 12:00:00 GMT", 0)]
    [InlineData("once", 0)]
    public void Without_a_lifetime_a_tenth_of_the_age_is_guessed_up_to_a_cap(string modified, int seconds) =>
        Assert.Equal(After(seconds), Of(("Last-Modified", modified), ("Date", Noon)));

    [Fact]
    public void No_guess_is_made_where_Chromium_makes_none() =>
        Assert.Equal(Freshness.Revalidate, Of(("Last-Modified", "Tue, 15 Nov 1994 11:00:00 GMT"), ("Cache-Control", "must-revalidate")));

    [Theory]
    [InlineData("Pragma", "no-cache")]
    [InlineData("Vary", "Accept-Encoding, *")]
    public void Other_fields_that_have_browsers_ask_again(string name, string value) =>
        Assert.Equal(Freshness.Revalidate, Of(("Cache-Control", "max-age=60"), (name, value)));

    [Theory]
    [InlineData(200, true)]
    [InlineData(203, true)]
    [InlineData(304, true)]
    [InlineData(206, false)]
    [InlineData(302, false)]
    [InlineData(404, false)]
    [InlineData(500, false)]
    public void Only_a_whole_representation_counts(int status, bool counts) =>
        Assert.Equal(counts ? FreshnessKind.Fresh : FreshnessKind.NotStored, Freshness.Of(status, new HeaderDictionary { ["Cache-Control"] = "max-age=60" }, Now, MaxHeuristic).Kind);

    [Property(MaxTest = 5000)]
    public void Any_text_gives_an_answer(string?[] control, string? expires, string? date, string? age, string? modified, DateTimeOffset now)
    {
        var headers = new HeaderDictionary
        {
            ["Cache-Control"] = control.Select(c => "max-age=" + c).Concat(control).ToArray(),
            ["Expires"] = expires,
            ["Date"] = date,
            ["Age"] = age,
            ["Last-Modified"] = modified,
        };
        var freshness = Freshness.Of(200, headers, now, MaxHeuristic);
        Assert.Equal(freshness.Kind == FreshnessKind.Fresh, freshness.IsFreshAt(now));
    }

    [Property]
    public void At_the_ends_of_time_nothing_is_fresh_for_ever(PositiveInt seconds)
    {
        var headers = new HeaderDictionary { ["Cache-Control"] = $"max-age={seconds.Get}" };
        Assert.Equal(Freshness.Revalidate, Freshness.Of(200, headers, DateTimeOffset.MaxValue, MaxHeuristic));
        Assert.Equal(seconds.Get, (Freshness.Of(200, headers, DateTimeOffset.MinValue, MaxHeuristic).Until - DateTimeOffset.MinValue).TotalSeconds);
    }

    private static Freshness After(int seconds) => seconds == 0 ? Freshness.Revalidate : Freshness.FreshUntil(Now.AddSeconds(seconds));

    private static Freshness Of(params (string Name, string Value)[] headers)
    {
        var dictionary = new HeaderDictionary();
        foreach (var (name, value) in headers)
        {
            dictionary[name] = value;
        }

        return Freshness.Of(200, dictionary, Now, MaxHeuristic);
    }
}
