using PushProxy.Server.Tests.Support;
using PushProxy.Testing.Origins;

namespace PushProxy.Server.Tests.Inspection;

/// <summary>URLs with a user's name, which browsers do not ask sites for.</summary>
public sealed class UserNameTests : IAsyncDisposable
{
    private readonly RawOrigin _site = new();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_redirect_to_a_URL_with_a_users_name_is_not_followed()
    {
        _site.On("/", $"HTTP/1.1 302 Found\r\nLocation: http://user:secret@{_site.Url.Authority}/page\r\nContent-Length: 0\r\n\r\n");

        var result = await Pushproxy.RunAsync("inspect", _site.Url.AbsoluteUri);

        Assert.Equal(
            $"{_site.Url}: the answer was 302 Found, and is not followed to http://{_site.Url.Authority}/page, because that URL has a user's name\n",
            result.Error);
        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData("<link rel=stylesheet href=http://user:secret@HOST/a.css>")]
    [InlineData("<base href=http://user:secret@HOST/><link rel=stylesheet href=a.css>")]
    [InlineData("<script src=http://user@other.invalid/a.js></script><script>window.a || document.write('<script src=/b.js><\\/script>')</script>")]
    public async Task A_page_that_names_such_URLs_is_inspected(string html)
    {
        html = "<!DOCTYPE html>" + html.Replace("HOST", _site.Url.Authority, StringComparison.Ordinal);
        _site.On("/", $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {html.Length}\r\n\r\n{html}");

        var result = await Pushproxy.RunAsync("inspect", _site.Url.AbsoluteUri);

        Assert.Equal(0, result.ExitCode);
    }
}
