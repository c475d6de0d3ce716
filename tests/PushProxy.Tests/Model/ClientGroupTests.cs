using System.Net;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Model;

public class ClientGroupTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.254")]
    [InlineData("192.0.2.1", "::ffff:192.0.2.7")]
    [InlineData("2001:db8:1:2::3", "2001:db8:1:ffff:4::5")]
    public void Neighbours_are_one_group(string one, string other) => Assert.Equal(Of(one), Of(other));

    [Theory]
    [InlineData("192.0.2.1", "192.0.3.1")]
    [InlineData("192.0.2.1", "::192.0.2.1")]
    [InlineData("2001:db8:1::1", "2001:db8:2::1")]
    [InlineData("0.0.0.0", "::")]
    public void Strangers_are_not(string one, string other) => Assert.NotEqual(Of(one), Of(other));

    [Fact]
    public void Clients_without_an_address_are_one_group()
    {
        Assert.Equal(ClientGroup.Of(null), default);
        Assert.NotEqual(default, Of("0.0.0.0"));
    }

    private static ClientGroup Of(string address) => ClientGroup.Of(IPAddress.Parse(address));
}
