using PushProxy.Redis.Connections;

namespace PushProxy.Redis;

/// <summary>How records are shared by way of Redis.</summary>
public sealed class SharedRedisOptions
{
    private const int MaxPrefix = 128;

    /// <summary>
    /// What the names of all keys begin with, and the name of the channel. Instances that are to know as one have the same. At most 128
    /// printable characters of ASCII without spaces. In a cluster it needs a hash tag: <c>{pushproxy}:</c>. Default <c>pushproxy:</c>.
    /// </summary>
    public string Prefix { get; set; } = "pushproxy:";

    /// <summary>The most records that are kept in Redis. The oldest make room. Default 200,000, at least 1.</summary>
    public int MaxRecords { get; set; } = 200_000;

    /// <summary>The most records that wait here to be put. Default 16,384, at least 1.</summary>
    public int MaxWaiting { get; set; } = 16_384;

    /// <summary>The most bytes of records that wait here to be put. Default 16 MiB, at least 1.</summary>
    public long MaxWaitingBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// How often to look for what others have put and was not announced, and for a Redis that was emptied. Default 2 seconds, from 50
    /// milliseconds to one minute.
    /// </summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Says what is wrong with a connection string, without passwords. Nothing is connected to.</summary>
    /// <param name="connectionString">What StackExchange.Redis takes: <c>host:port,password=…,ssl=true</c>.</param>
    /// <returns>What is wrong; null if it can be used.</returns>
    public static string? ProblemWith(string connectionString)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        return ConnectionText.Problem(connectionString);
    }

    /// <summary>Whether a text can be a <see cref="Prefix"/>.</summary>
    /// <param name="prefix">The text.</param>
    public static bool IsPrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return prefix.Length is > 0 and <= MaxPrefix && !prefix.AsSpan().ContainsAnyExceptInRange('!', '~');
    }

    /// <exception cref="ArgumentException">One of the options is out of range.</exception>
    internal void Check()
    {
        if (!IsPrefix(Prefix))
        {
            throw new ArgumentException($"'{Prefix}' is no prefix: write 1 to {MaxPrefix} printable characters without spaces.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRecords, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWaiting, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWaitingBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LookEvery, TimeSpan.FromMilliseconds(50));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LookEvery, TimeSpan.FromMinutes(1));
    }
}
