using System.Globalization;
using PushProxy.Cache.Fields;
using Xunit;

namespace PushProxy.Cache.Tests.Fields;

public sealed class HttpDateTests
{
    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37")]
    [InlineData("sun, 06 nov 1994 08:49:37 gmt", "1994-11-06T08:49:37")]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37")]
    [InlineData("Thursday, 18-Aug-50 02:01:18 GMT", "2050-08-18T02:01:18")]
    [InlineData("Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37")]
    [InlineData("Wed Nov 16 08:49:37 1994", "1994-11-16T08:49:37")]
    [InlineData("Mon, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 UTC", null)]
    [InlineData("Sun, 06 Nov 1994 08:49:37 AEST", null)]
    [InlineData("Sun, 06 Nov 1994 8:49:37 GMT", null)]
    [InlineData("Sun, 06 Nov 94 08:49:37 GMT", null)]
    [InlineData("Sun, 06-Nov-1994 08:49:37 GMT", null)]
    [InlineData("Sun 06 Nov 1994 08:49:37 GMT", null)]
    [InlineData("Sun,  06  Nov 1994 08:49:37 GMT", null)]
    [InlineData("Sun, 06 Nov 1994 08.49.37 GMT", null)]
    [InlineData("Sun, 31 Feb 1994 08:49:37 GMT", null)]
    [InlineData("Day, 06 Nov 1994 08:49:37 GMT", null)]
    [InlineData("06 Nov 1994 08:49:37 GMT", null)]
    [InlineData("0", null)]
    [InlineData("", null)]
    public void Only_the_three_forms_are_dates(string text, string? expected) => Assert.Equal(
        expected is null ? null : DateTimeOffset.Parse(expected + "Z", CultureInfo.InvariantCulture), HttpDate.Parse(text));

    [Fact]
    public void Two_dates_are_none() =>
        Assert.Null(HttpDate.Parse(new(["Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT"])));
}
