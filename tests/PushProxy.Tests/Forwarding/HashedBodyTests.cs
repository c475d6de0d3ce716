using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Forwarding;
using Xunit;

namespace PushProxy.Tests.Forwarding;

public class HashedBodyTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_passes_and_the_pieces_do_not_matter()
    {
        var (whole, text) = await HashAsync("one piece");
        var (pieces, same) = await HashAsync("one", " ", "piece");
        var (other, _) = await HashAsync("one peace");
        Assert.Equal(("one piece", "one piece"), (text, same));
        Assert.Equal(whole, pieces);
        Assert.NotEqual(whole, other);
        Assert.NotNull(whole);
    }

    [Fact]
    public async Task What_passed_unseen_has_no_hash()
    {
        var http = new DefaultHttpContext();
        http.Response.Body = new MemoryStream();
        var body = HashedBody.AddTo(http);
        await http.Response.Body.WriteAsync("seen"u8.ToArray(), Cancellation);
        await http.Response.BodyWriter.WriteAsync("unseen"u8.ToArray(), Cancellation);
        Assert.Null(body.Hash);
    }

    private static async Task<(UInt128? Hash, string Text)> HashAsync(params string[] pieces)
    {
        var http = new DefaultHttpContext();
        var sent = new MemoryStream();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(sent));
        var body = HashedBody.AddTo(http);
        foreach (var piece in pieces)
        {
            await http.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(piece), Cancellation);
        }

        return (body.Hash, Encoding.ASCII.GetString(sent.ToArray()));
    }
}
