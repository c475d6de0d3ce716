using System.Globalization;
using Microsoft.AspNetCore.Http;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Commands;

/// <summary><c>inspect --shell</c>: what pages begin with for everyone.</summary>
public sealed class InspectShellTests : IAsyncLifetime
{
    private static readonly string Beginning =
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>Shop</title></head><body><header>"
        + string.Concat(Enumerable.Repeat("<a href=/>Home</a>", 20)) + "</header><p>";

    private TestSite _site = null!;
    private int _views;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync(Answer);

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Two_answers_of_one_page_show_where_it_differs()
    {
        var result = await Pushproxy.RunAsync("inspect", "--shell", $"{_site.Address}/", $"{_site.Address}/");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.EndsWith(
            string.Create(CultureInfo.InvariantCulture, $"shell of {Beginning.Length:N0} bytes  (differs)\n  … {Beginning[^72..]}\n"),
            result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/token", "/token", "token")]
    [InlineData("/cookie", "/cookie", "the field Set-Cookie")]
    [InlineData("/other", "/", "too little is the same")]
    public async Task If_there_is_none_it_says_why(string first, string second, string reason)
    {
        var result = await Pushproxy.RunAsync("inspect", "--json", "--shell", _site.Address + first, _site.Address + second);
        Assert.EndsWith($"{{\"shell\":{{\"bytes\":0,\"reason\":\"{reason}\",\"end\":\"\"}}}}\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_page_is_too_few()
    {
        var result = await Pushproxy.RunAsync("inspect", "--shell", $"{_site.Address}/");
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("--shell: compares pages, so name at least two", result.Error, StringComparison.Ordinal);
    }

    private Task Answer(HttpContext http)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        if (http.Request.Path == "/cookie")
        {
            http.Response.Headers.SetCookie = "session=1";
        }

        var beginning = http.Request.Path.Value switch
        {
            "/token" => Beginning.Replace("<title>", "<meta name=csrf-token content=1><title>", StringComparison.Ordinal),
            "/other" => "<!DOCTYPE html><html><head><meta charset=utf-8><title>Other</title></head><body><p>",
            _ => Beginning,
        };
        return http.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{beginning}view {Interlocked.Increment(ref _views)}</p></body></html>"));
    }
}
