using PushProxy.Learning;
using Xunit;

namespace PushProxy.Tests.Learning;

public class FetchCodingsTests
{
    [Theory]
    [InlineData("gzip, deflate, br, zstd", "gzip, deflate, br, zstd")]
    [InlineData("gzip, deflate, br", "gzip, deflate, br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip;q=0.5,br;q=1.0", "gzip;q=0.5, br;q=1.0")]
    [InlineData("br ;q=0.1, X-GZip", "br ;q=0.1, X-GZip")]
    [InlineData("gzip, br, zstd, dcb, dcz", "gzip, br, zstd")]
    [InlineData("compress", FetchCodings.Usual)]
    [InlineData("identity", FetchCodings.Usual)]
    [InlineData("*", FetchCodings.Usual)]
    [InlineData("gzip, *;q=0.5", "gzip")]
    [InlineData("", FetchCodings.Usual)]
    [InlineData(null, FetchCodings.Usual)]
    public void A_fetch_accepts_what_the_visitor_accepts_and_can_be_decoded(string? visitor, string fetch) =>
        Assert.Equal(fetch, FetchCodings.For(visitor));

    [Fact]
    public void Endless_fields_are_not_repeated() =>
        Assert.Equal(FetchCodings.Usual, FetchCodings.For(string.Join(", ", Enumerable.Repeat("gzip", 100))));
}
