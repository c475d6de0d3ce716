using System.Net;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Model;

public class AddressPrefixTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.254")]
    [InlineData("192.0.2.1", "::ffff:192.0.2.7")]
    [InlineData("2001:db8:1:2::3", "2001:db8:1:ffff:4::5")]
    public void Neighbours_are_in_one_network(string one, string other) => Assert.Equal(Of(one), Of(other));

    [Theory]
    [InlineData("192.0.2.1", "192.0.3.1")]
    [InlineData("192.0.2.1", "::192.0.2.1")]
    [InlineData("2001:db8:1::1", "2001:db8:2::1")]
    [InlineData("0.0.0.0", "::")]
    public void Strangers_are_not_in_one_network(string one, string other) => Assert.NotEqual(Of(one), Of(other));

    [Fact]
    public void Clients_without_an_address_count_as_one()
    {
        Assert.Equal(AddressPrefix.NetworkOf(null), default);
        Assert.NotEqual(default, Of("0.0.0.0"));
    }

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::3", "2001:db8:1:2:4::5", true)]
    [InlineData("2001:db8:1:2::3", "2001:db8:1:3::3", false)]
    public void A_host_is_an_IPv4_address_or_what_an_IPv6_subscriber_has(string one, string other, bool isSame) =>
        Assert.Equal(isSame, AddressPrefix.HostOf(IPAddress.Parse(one)) == AddressPrefix.HostOf(IPAddress.Parse(other)));

    private static AddressPrefix Of(string address) => AddressPrefix.NetworkOf(IPAddress.Parse(address));
}
