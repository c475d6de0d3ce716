using Microsoft.AspNetCore.Http;
using PushProxy.Forwarding.Beacon;
using Xunit;

namespace PushProxy.Tests.Forwarding.Beacon;

public class BeaconPermissionTests
{
    private static readonly Uri Url = new("https://site.test" + BeaconScript.PathFor("all"));

    [Theory]
    [InlineData("")]
    [InlineData("default-src 'self'")]
    [InlineData("DEFAULT-SRC 'SELF'")]
    [InlineData("default-src *")]
    [InlineData("default-src https:")]
    [InlineData("default-src https://site.test")]
    [InlineData("script-src https://site.test:443/.well-known/ 'unsafe-inline'")]
    [InlineData("default-src 'none'; script-src 'self'; connect-src 'self'")]
    [InlineData("default-src 'none'; script-src-elem 'self'; connect-src *.test site.test")]
    [InlineData("script-src 'none'; script-src-elem 'self'")]
    [InlineData("script-src 'self' 'nonce-abc'")]
    [InlineData("script-src 'self'; script-src 'none'")]
    [InlineData("frame-ancestors 'none'; img-src 'none'; upgrade-insecure-requests")]
    [InlineData("sandbox allow-scripts allow-same-origin")]
    [InlineData("default-src 'self'", "script-src *")]
    [InlineData("default-src 'self', script-src https:")]
    [InlineData("require-trusted-types-for 'script'; trusted-types a")]
    [InlineData(";;, ,;")]
    public void A_page_that_allows_it_gets_it_without_nonce(params string[] policies)
    {
        Assert.True(Allows(policies, out var nonce));
        Assert.Null(nonce);
    }

    [Theory]
    [InlineData("abc123+/-_==", "script-src 'nonce-abc123+/-_=='")]
    [InlineData("abc", "script-src 'strict-dynamic' 'nonce-abc' 'self' https:")]
    [InlineData("abc", "script-src 'none'; script-src-elem 'NONCE-abc'")]
    [InlineData("abc", "default-src 'nonce-abc'; connect-src 'self'")]
    [InlineData("two", "script-src 'nonce-one' 'nonce-two'", "script-src 'nonce-two' 'strict-dynamic'")]
    [InlineData("two", "script-src 'self'", "script-src 'nonce-two'")]
    [InlineData("abc", "script-src 'nonce-a\"b' 'nonce-' 'nonce-abc'")]
    public void One_that_wants_a_nonce_has_it_copied(string expected, params string[] policies)
    {
        Assert.True(Allows(policies, out var nonce));
        Assert.Equal(expected, nonce);
    }

    [Theory]
    [InlineData("default-src 'none'")]
    [InlineData("script-src 'none'")]
    [InlineData("script-src")]
    [InlineData("script-src 'unsafe-inline' 'unsafe-eval'")]
    [InlineData("script-src https://cdn.test")]
    [InlineData("script-src http://site.test:8080")]
    [InlineData("script-src https://site.test/js/")]
    [InlineData("script-src 'strict-dynamic' 'self'")]
    [InlineData("script-src 'strict-dynamic' 'sha256-AAAA' 'self'")]
    [InlineData("script-src 'self'; script-src-elem 'none'")]
    [InlineData("script-src 'self'; connect-src 'none'")]
    [InlineData("script-src 'self'; connect-src https://api.test")]
    [InlineData("default-src 'nonce-abc'")]
    [InlineData("script-src 'self'", "script-src 'none'")]
    [InlineData("script-src 'self', script-src 'none'")]
    [InlineData("script-src 'nonce-one'", "script-src 'nonce-two'")]
    [InlineData("script-src 'nonce-a\"b'")]
    [InlineData("script-src 'nonce-<x>'")]
    [InlineData("script-src 'nonce-'")]
    [InlineData("sandbox")]
    [InlineData("sandbox allow-scripts")]
    [InlineData("sandbox allow-same-origin allow-forms")]
    [InlineData("require-sri-for script")]
    public void One_that_does_not_gets_none(params string[] policies) => Assert.False(Allows(policies, out _));

    [Fact]
    public void What_only_reports_makes_no_difference()
    {
        var headers = new HeaderDictionary
        {
            ["Content-Security-Policy-Report-Only"] = "default-src 'none'",
            ["Integrity-Policy-Report-Only"] = "blocked-destinations=(script)",
        };
        Assert.True(BeaconPermission.Allows(headers, Url, out _));
        headers["Integrity-Policy"] = "blocked-destinations=(script)";
        Assert.False(BeaconPermission.Allows(headers, Url, out _));
    }

    [Fact]
    public void Of_very_many_policies_it_takes_none_for_granted()
    {
        Assert.True(Allows([.. Enumerable.Repeat("default-src 'self'", 16)], out _));
        Assert.False(Allows([.. Enumerable.Repeat("default-src 'self'", 17)], out _));
    }

    private static bool Allows(string[] policies, out string? nonce) =>
        BeaconPermission.Allows(new HeaderDictionary { ["Content-Security-Policy"] = policies }, Url, out nonce);
}
