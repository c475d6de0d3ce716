using Microsoft.Extensions.DependencyInjection;
using PushProxy.Redis.Connections;
using Xunit;

namespace PushProxy.Redis.Tests.Connections;

public class ConnectionTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" , ")]
    [InlineData("password=secret")]
    [InlineData("rediss://:secret@host")]
    [InlineData("host:x")]
    [InlineData("host:99999")]
    [InlineData("host,ssl=secret", "secret")]
    [InlineData("host,password=se,cret")]
    [InlineData("host,password=se,cret=1")]
    [InlineData("host,sentinelPassword = se,ssl=cret")]
    [InlineData("host,passwort=secret")]
    public void What_cannot_be_used_is_refused_without_what_could_be_a_password(string text, string? mayBeSaid = null)
    {
        var problem = SharedRedisOptions.ProblemWith(text);

        Assert.NotNull(problem);
        Assert.True(mayBeSaid is not null || !problem.Contains("cret", StringComparison.Ordinal), problem);
        var builder = new ServiceCollection().AddReverseProxy();
        Assert.Contains(problem, Assert.Throws<ArgumentException>(() => builder.AddSharedRedis(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_connection_string_says_counts()
    {
        var options = ConnectionText.Parse(
            "one:1,two,ssl=true,user=u,asyncTimeout=700,connectTimeout=800,abortConnect=true,channelPrefix=x,password=a=b");

        Assert.Equal(["one:1", "two:0"], options.EndPoints.Select(ConnectionText.Name));
        Assert.Equal((true, "u", "a=b"), (options.Ssl, options.User, options.Password));
        Assert.Equal((700, 800), (options.AsyncTimeout, options.ConnectTimeout));

        // But for this: who does not start because Redis is gone is no proxy.
        Assert.False(options.AbortOnConnectFail);
    }

    [Fact]
    public void What_the_connection_string_leaves_out_is_made_for_a_proxy()
    {
        var options = ConnectionText.Parse("one");

        Assert.Equal((2000, 2000), (options.AsyncTimeout, options.ConnectTimeout));
        for (var attempt = 0; attempt < 100; attempt++)
        {
            Assert.True(options.ReconnectRetryPolicy.ShouldRetry(attempt, 2001));
        }
    }

    [Fact]
    public void A_server_that_repeats_a_password_does_not_bring_it_into_the_log()
    {
        var reason = Reasons.Of(new InvalidDataException("ERR unknown command 'AUTH', with args\r\nbeginning with: 'secret'"), null);

        Assert.Equal("ERR unknown command 'AUTH', with args beginning with: '*****'", Reasons.Without(["secret"], reason!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("\xE9")]
    public void What_is_no_prefix_is_refused(string prefix) => Assert.Throws<ArgumentException>(
        () => new ServiceCollection().AddReverseProxy().AddSharedRedis("host", o => o.Prefix = prefix));

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Action<SharedRedisOptions>[] wrong =
        [
            static o => o.MaxRecords = 0, static o => o.MaxWaiting = 0, static o => o.MaxWaitingBytes = 0,
            static o => o.LookEvery = TimeSpan.Zero, static o => o.LookEvery = TimeSpan.FromHours(1),
        ];
        Assert.All(wrong, static configure =>
            Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceCollection().AddReverseProxy().AddSharedRedis("host", configure)));
    }
}
