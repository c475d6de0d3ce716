using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Forwarding;
using Xunit;

namespace PushProxy.Tests.Forwarding;

public class PublicNameTests
{
    [Theory]
    // The destination, by the name and port it has.
    [InlineData("http://10.0.0.5:8000/login?next=/a#b", "https://www.example.org/login?next=/a#b")]
    [InlineData("HTTP://10.0.0.5:8000", "https://www.example.org")]
    [InlineData("https://10.0.0.5:8000/", "https://www.example.org/")]
    [InlineData("//10.0.0.5:8000/a", "https://www.example.org/a")]
    [InlineData("http://10.0.0.5:8000?a", "https://www.example.org?a")]
    // The public name, with the scheme that the origin is asked by.
    [InlineData("http://www.example.org/login", "https://www.example.org/login")]
    [InlineData("http://WWW.example.org/login", "https://www.example.org/login")]
    [InlineData("http://www.example.org:80/login", "https://www.example.org/login")]
    // The same address by http: a site that wants it so. To lead its client in a circle helps nobody.
    [InlineData("http://www.example.org/asked?x=1", "http://www.example.org/asked?x=1")]
    [InlineData("http://www.example.org/asked?x=1#top", "http://www.example.org/asked?x=1#top")]
    // Anything else.
    [InlineData("http://10.0.0.5/login", "http://10.0.0.5/login")]
    [InlineData("http://10.0.0.5:80000/login", "http://10.0.0.5:80000/login")]
    [InlineData("http://10.0.0.50:8000/login", "http://10.0.0.50:8000/login")]
    [InlineData("http://user@10.0.0.5:8000/", "http://user@10.0.0.5:8000/")]
    [InlineData("http://other.example/?u=http://10.0.0.5:8000/", "http://other.example/?u=http://10.0.0.5:8000/")]
    [InlineData("https://www.example.org/login", "https://www.example.org/login")]
    [InlineData("ftp://10.0.0.5:8000/a", "ftp://10.0.0.5:8000/a")]
    [InlineData("/login", "/login")]
    [InlineData("login?u=//10.0.0.5:8000/", "login?u=//10.0.0.5:8000/")]
    [InlineData("/?u=http://10.0.0.5:8000/", "/?u=http://10.0.0.5:8000/")]
    [InlineData("", "")]
    [InlineData("//", "//")]
    [InlineData("http://", "http://")]
    public void A_url_that_names_the_destination_names_the_public_site(string url, string expected) =>
        Assert.Equal(expected, Name("http://10.0.0.5:8000/asked?x=1").Url(url));

    [Theory]
    [InlineData("http://wordpress/", "http://wordpress/a", "https://www.example.org/a")]
    [InlineData("http://wordpress/", "https://wordpress/a", "https://www.example.org/a")]
    [InlineData("http://wordpress/", "http://wordpress:80/a", "https://www.example.org/a")]
    [InlineData("http://wordpress/", "http://wordpress:8080/a", "http://wordpress:8080/a")]
    [InlineData("https://wordpress:443/", "https://wordpress/a", "https://www.example.org/a")]
    [InlineData("http://[::1]:8000/", "http://[::1]:8000/a", "https://www.example.org/a")]
    [InlineData("http://wordpress:443/", "https://wordpress/a", "https://www.example.org/a")]
    public void A_port_may_be_left_out(string destination, string url, string expected) =>
        Assert.Equal(expected, Name(destination, "/").Url(url));

    [Theory]
    // A destination with a path of its own.
    [InlineData("/asked", "http://site:80/app/asked", "http://site/app/login", "https://www.example.org/login")]
    [InlineData("/asked", "http://site:80/app/asked", "http://site/app", "https://www.example.org")]
    [InlineData("/asked", "http://site:80/app/asked", "http://site/apple", "https://www.example.org/apple")]
    [InlineData("/asked", "http://site:80/app/asked", "/app/login", "/login")]
    [InlineData("/asked", "http://site:80/app/asked", "/app?x", "/?x")]
    [InlineData("/asked", "http://site:80/app/asked", "/app", "/")]
    [InlineData("/asked", "http://site:80/app/asked", "/other", "/other")]
    [InlineData("/", "http://site:80/app/", "/app/login", "/login")]
    // A route that takes from the path, or replaces it.
    [InlineData("/shop/asked", "http://site:80/asked", "http://site/login", "https://www.example.org/shop/login")]
    [InlineData("/shop", "http://site:80/", "http://site/login", "https://www.example.org/shop/login")]
    [InlineData("/shop/asked", "http://site:80/asked", "/login", "/login")]
    [InlineData("/shop/asked", "http://site:80/asked", "http://site/shop/login", "https://www.example.org/shop/login")]
    [InlineData("/a/../shop/asked", "http://site:80/shop/asked", "http://site/login", "https://www.example.org/login")]
    [InlineData("/shop/asked", "http://site:80/v2/asked", "http://site/v2/login", "https://www.example.org/shop/login")]
    [InlineData("/a%2Fb", "http://site:80/app/a%2Fb", "/app/c", "/c")]
    // The same path may be spelled in two ways.
    [InlineData("/%61sked", "http://site:80/app/asked", "/app/c", "/c")]
    [InlineData("/sh%C3%B6p/asked", "http://site:80/asked", "http://site/login", "https://www.example.org/sh%C3%B6p/login")]
    [InlineData("/my%20shop/asked", "http://site:80/asked", "http://site/login", "https://www.example.org/my%20shop/login")]
    // As Nextcloud's: what it names is not below what the route took away.
    [InlineData("/.well-known/carddav", "http://site:80/.well-known/carddav", "http://site/remote.php/dav", "https://www.example.org/remote.php/dav")]
    // Two slashes would name another host.
    [InlineData("/asked", "http://site:80/app/asked", "/app//evil.example/", "/evil.example/")]
    [InlineData("/asked", "http://site:80/app/asked", "/app/\\evil.example/", "/evil.example/")]
    public void Paths_are_the_public_ones(string asked, string destination, string url, string expected) =>
        Assert.Equal(expected, Name(destination, asked).Url(url));

    [Theory]
    [InlineData("5; url=http://10.0.0.5:8000/a", "5; url=https://www.example.org/a")]
    [InlineData("0;URL='http://10.0.0.5:8000/a'", "0;URL='https://www.example.org/a'")]
    [InlineData("0; url=\"http://10.0.0.5:8000/a\"", "0; url=\"https://www.example.org/a\"")]
    [InlineData("0; url=/a", "0; url=/a")]
    [InlineData("0; URL = http://10.0.0.5:8000/a", "0; URL =https://www.example.org/a")]
    [InlineData("0; curl; x=http://10.0.0.5:8000/a", "0; curl; x=http://10.0.0.5:8000/a")]
    [InlineData("5", "5")]
    [InlineData("0; url=", "0; url=")]
    [InlineData("0; url='", "0; url='")]
    public void Refresh_names_the_public_site(string value, string expected) =>
        Assert.Equal(expected, Name("http://10.0.0.5:8000/", "/").Refresh(value));

    [Theory]
    [InlineData(
        "<http://10.0.0.5:8000/a.css>; rel=preload; title=\"<http://10.0.0.5:8000/>\", </b>; rel=next, <http://10.0.0.5:8000/c>; rel=up",
        "<https://www.example.org/a.css>; rel=preload; title=\"<http://10.0.0.5:8000/>\", </b>; rel=next, <https://www.example.org/c>; rel=up")]
    [InlineData("<http://10.0.0.5:8000/a", "<http://10.0.0.5:8000/a")]
    [InlineData("<https://api.w.org/>; rel=\"\\\"<\"", "<https://api.w.org/>; rel=\"\\\"<\"")]
    public void Links_name_the_public_site(string value, string expected) =>
        Assert.Equal(expected, Name("http://10.0.0.5:8000/", "/").Link(value));

    [Theory]
    [InlineData("a=b; Domain=10.0.0.5; Path=/; HttpOnly", "a=b; Path=/; HttpOnly")]
    [InlineData("a=b; path=/;domain=.10.0.0.5", "a=b; path=/")]
    [InlineData("a=b; Domain=example.org; Secure", "a=b; Domain=example.org; Secure")]
    [InlineData("a=\"Domain=10.0.0.5\"; Secure", "a=\"Domain=10.0.0.5\"; Secure")]
    [InlineData("Domain=10.0.0.5", "Domain=10.0.0.5")]
    [InlineData("a=b", "a=b")]
    public void Cookies_are_the_public_hosts(string value, string expected) =>
        Assert.Equal(expected, Name("http://10.0.0.5:8000/asked").Cookie(value));

    [Theory]
    [InlineData("a=b; Path=/app", "a=b; Path=/")]
    [InlineData("a=b; Path=/app/admin; Secure", "a=b; Path=/admin; Secure")]
    [InlineData("a=b; Path=/apple", "a=b; Path=/apple")]
    public void The_path_of_a_cookie_is_the_public_one(string value, string expected) =>
        Assert.Equal(expected, Name("http://10.0.0.5:8000/app/asked", "/asked").Cookie(value));

    [Theory]
    [InlineData("__Host-a=b; Path=/; Secure")]
    [InlineData("a=b; Path=/shop")]
    [InlineData("a=b; Path=/")]
    public void The_path_of_a_cookie_stays_where_only_the_route_takes_a_part_away(string value) =>
        Assert.Equal(value, Name("http://10.0.0.5:8000/asked", "/shop/asked").Cookie(value));

    [Fact]
    public void An_origin_with_the_public_name_may_lead_to_https_and_a_client_without_a_host_gets_a_path()
    {
        var http = Request("/asked");
        http.Request.Scheme = "http";
        Assert.Equal("https://www.example.org/asked", new PublicName(http.Request, new Uri("http://www.example.org/asked")).Url("https://www.example.org/asked"));
        http.Request.Host = default;
        Assert.Equal("/new", new PublicName(http.Request, new Uri("http://10.0.0.5:8000/asked")).Url("http://10.0.0.5:8000/new"));
    }

    [Fact]
    public void Fields_that_name_nothing_stay_as_they_are()
    {
        var http = Request("/asked");
        http.Response.Headers.SetCookie = new(["a=b", "c=d; Domain=site"]);
        http.Response.Headers.Location = "/x";
        var cookies = http.Response.Headers.SetCookie;
        PublicName.Rewrite(http, new Uri("http://other/asked"));
        Assert.Equal(cookies, http.Response.Headers.SetCookie);
        Assert.Equal("/x", http.Response.Headers.Location);

        PublicName.Rewrite(http, new Uri("http://site/asked"));
        Assert.Equal(["a=b", "c=d"], http.Response.Headers.SetCookie.AsEnumerable());
    }

    private static PublicName Name(string destination, string asked = "/asked?x=1") => new(Request(asked).Request, new Uri(destination));

    private static DefaultHttpContext Request(string target)
    {
        var http = new DefaultHttpContext();
        http.Request.Scheme = "https";
        http.Request.Host = new HostString("www.example.org");
        // As Kestrel does: dots are resolved, and the path is decoded.
        http.Request.Path = PathString.FromUriComponent(new Uri("http://site" + target).AbsolutePath);
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        return http;
    }
}
