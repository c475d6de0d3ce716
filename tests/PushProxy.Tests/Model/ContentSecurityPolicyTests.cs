using FsCheck.Xunit;
using Microsoft.Extensions.Primitives;
using PushProxy.Analysis;
using PushProxy.Model;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Model;

/// <summary>CSP Level 3, as far as it decides what is delivered early. The page is https://site.test/.</summary>
public class ContentSecurityPolicyTests
{
    [Theory]
    [InlineData("default-src 'self'", true, true)]
    [InlineData("default-src 'none'", false, false)]
    [InlineData("default-src *", true, true)]
    [InlineData("default-src https:", true, true)]
    [InlineData("default-src http:", true, true)]
    [InlineData("default-src ftp:", false, false)]
    [InlineData("default-src site.test", true, true)]
    [InlineData("default-src SITE.test:443", true, true)]
    [InlineData("default-src site.test:8443", false, false)]
    [InlineData("default-src site.test:*", true, true)]
    [InlineData("default-src *.site.test", false, false)]
    [InlineData("default-src *.test", true, true)]
    [InlineData("default-src https://site.test/css/", true, false)]
    [InlineData("default-src https://site.test/css/a.css", true, false)]
    [InlineData("default-src https://site.test/", true, true)]
    [InlineData("style-src 'self'", true, true)]
    [InlineData("style-src cdn.test", false, true)]
    [InlineData("style-src cdn.test; style-src-elem 'self'", true, true)]
    [InlineData("script-src cdn.test; default-src 'self'", true, false)]
    [InlineData("script-src 'self' 'strict-dynamic' 'nonce-abc'", true, false)]
    [InlineData("script-src 'nonce-abc'", true, false)]
    [InlineData("script-src 'self' 'nonce-abc'", true, true)]
    [InlineData("default-src 'none'; default-src 'self'", false, false)]
    [InlineData("default-src", false, false)]
    [InlineData("upgrade-insecure-requests", true, true)]
    [InlineData("sandbox", false, false)]
    [InlineData("default-src 'self'; Sandbox allow-scripts", false, false)]
    [InlineData("sandbox allow-scripts ALLOW-SAME-ORIGIN", true, true)]
    [InlineData("", true, true)]
    [InlineData(";;; ;", true, true)]
    public void Allows_what_the_directive_in_charge_does(string policy, bool style, bool script)
    {
        var parsed = ContentSecurityPolicy.Of(policy, [])!;
        Assert.Equal(style, parsed.Allows(Some.Style("/css/a.css")));
        Assert.Equal(script, parsed.Allows(Some.Script("/js/b.js")));
    }

    [Fact]
    public void Sandbox_has_no_meaning_within_the_page() =>
        Assert.True(ContentSecurityPolicy.Of("default-src 'self'", ["sandbox"])!.Allows(Some.Style("/css/a.css")));

    [Theory]
    [InlineData("font-src 'none'", false, true)]
    [InlineData("img-src 'none'", true, false)]
    [InlineData("default-src 'none'; img-src 'self'", false, true)]
    public void Fonts_and_images_have_directives_of_their_own(string policy, bool font, bool image)
    {
        var parsed = ContentSecurityPolicy.Of(policy, [])!;
        Assert.Equal(font, parsed.Allows(Some.Style("/f.woff2") with { Kind = ResourceKind.Font }));
        Assert.Equal(image, parsed.Allows(Some.Style("/i.png") with { Kind = ResourceKind.Image }));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void Of_more_policies_than_are_read_one_could_block_it(int policies, bool allowed) =>
        Assert.Equal(
            allowed,
            ContentSecurityPolicy.Of(string.Join(", ", Enumerable.Repeat("default-src 'self'", policies)), [])!.Allows(Some.Style("/a.css")));

    [Fact]
    public void All_policies_are_in_force_those_of_the_page_itself_too()
    {
        Assert.False(ContentSecurityPolicy.Of("default-src 'self', style-src 'none'", [])!.Allows(Some.Style("/a.css")));
        Assert.False(ContentSecurityPolicy.Of(new StringValues(["default-src 'self'", "style-src 'none'"]), [])!.Allows(Some.Style("/a.css")));
        var meta = ContentSecurityPolicy.Of(default, ["style-src 'none'"])!;
        Assert.False(meta.Allows(Some.Style("/a.css")));
        Assert.Empty(meta.HeaderPolicies);
        Assert.Null(ContentSecurityPolicy.Of(default, []));
    }

    [Theory]
    [InlineData("script-src 'nonce-r4nd0m' 'self'; style-src 'self'", "script-src 'self'; style-src 'self'")]
    [InlineData("script-src 'NONCE-r4nd0m'", "script-src 'none'")]
    [InlineData("upgrade-insecure-requests", "upgrade-insecure-requests")]
    public void Nonces_are_not_replayed(string policy, string said) =>
        Assert.Equal([said], ContentSecurityPolicy.Of(policy, [])!.HeaderPolicies);

    [Fact]
    public void A_new_nonce_is_no_new_policy()
    {
        var policy = ContentSecurityPolicy.Of("script-src 'nonce-1' 'self'", [])!;
        Assert.True(policy.SaysTheSameAs("script-src 'nonce-2' 'self'"));
        Assert.False(policy.SaysTheSameAs("script-src 'nonce-2'"));
        Assert.False(policy.SaysTheSameAs(default));
    }

    [Property]
    public void Anything_is_read_without_failing(string? policy)
    {
        var parsed = ContentSecurityPolicy.Of(policy, [policy ?? ""])!;
        _ = parsed.Allows(Some.Style("/a.css"));
        Assert.All(parsed.HeaderPolicies, p => Assert.DoesNotContain("'nonce-", p, StringComparison.OrdinalIgnoreCase));
    }
}
