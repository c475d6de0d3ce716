namespace PushProxy.Analysis.Tests.Rules;

public class AttributeTests
{
    [Theory]
    [InlineData("", CrossOriginMode.None)]
    [InlineData("crossorigin", CrossOriginMode.Anonymous)]
    [InlineData("crossorigin=''", CrossOriginMode.Anonymous)]
    [InlineData("crossorigin=anonymous", CrossOriginMode.Anonymous)]
    [InlineData("crossorigin=nonsense", CrossOriginMode.Anonymous)]
    [InlineData("crossorigin=Use-Credentials", CrossOriginMode.UseCredentials)]
    public void Crossorigin(string attribute, CrossOriginMode expected) => Assert.Equal(expected, Script(attribute).CrossOrigin);

    [Theory]
    [InlineData("", null)]
    [InlineData("integrity=''", null)]
    [InlineData("integrity='sha384-abc+/='", "sha384-abc+/=")]
    [InlineData("integrity=' sha256-a\n sha512-b '", "sha256-a sha512-b")]
    [InlineData("integrity='md5-x sha256-a'", "sha256-a")]
    [InlineData("integrity='sha256-a\"; rel=x'", null)]
    public void Integrity(string attribute, string? expected) => Assert.Equal(expected, Script(attribute).Integrity);

    [Theory]
    [InlineData("", null)]
    [InlineData("fetchpriority=auto", null)]
    [InlineData("fetchpriority=nonsense", null)]
    [InlineData("fetchpriority=HIGH", "high")]
    [InlineData("fetchpriority=low", "low")]
    public void Fetchpriority(string attribute, string? expected) => Assert.Equal(expected, Script(attribute).FetchPriority);

    private static CriticalResource Script(string attribute) => Assert.Single(Page.Analyze($"<script src=a.js {attribute}></script>").Resources);
}
