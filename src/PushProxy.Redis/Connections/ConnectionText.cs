using System.Net;
using StackExchange.Redis;

namespace PushProxy.Redis.Connections;

/// <summary>
/// Reads a connection string of StackExchange.Redis. It has passwords, so what is wrong with it is said without what could be one.
/// </summary>
internal static class ConnectionText
{
    // Not to answer within two seconds is not to answer. What the connection string says comes later, and wins.
    private const string Defaults = "connectTimeout=2000,asyncTimeout=2000,connectRetry=1,";

    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(500);

    private static readonly string[] s_passwords = ["password", "sentinelPassword"];

    /// <summary>Reads it.</summary>
    /// <exception cref="ArgumentException">It can't be used; the message says why.</exception>
    public static ConfigurationOptions Parse(string text)
    {
        if (Problem(text) is { } problem)
        {
            throw new ArgumentException($"The connection string of Redis can't be used: {problem}.");
        }

        var options = ConfigurationOptions.Parse(Defaults + text);

        // Whether it can be reached now is not for ever, and what waits is kept here.
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;

        // Whoever comes back is found within seconds, however long it was gone.
        options.ReconnectRetryPolicy = new ExponentialRetry(500, 2000);
        options.HeartbeatInterval = Heartbeat;
        return options;
    }

    /// <summary>An address as it was written.</summary>
    public static string Name(EndPoint address) => address is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : address.ToString() ?? "";

    /// <summary>What is wrong with it; null if it can be used.</summary>
    public static string? Problem(string text)
    {
        var hasAddress = false;
        var isAfterPassword = false;
        foreach (var token in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var name = token.IndexOf('=', StringComparison.Ordinal) is > 0 and var end ? token[..end].Trim() : null;
            if (name is null && token.Contains("://", StringComparison.Ordinal))
            {
                return "it is no URL; write host:port, and after commas password=… and ssl=true";
            }

            var problem = ProblemOf(token, name);
            if (isAfterPassword && (problem is not null || name is null))
            {
                return "what follows the password is no setting; write addresses before it. A password can't have a comma";
            }

            if (problem is not null)
            {
                return problem;
            }

            hasAddress |= name is null;
            isAfterPassword = name is not null && s_passwords.Contains(name, StringComparer.OrdinalIgnoreCase);
        }

        return hasAddress ? null : "it has no address; write host:port";
    }

    private static string? ProblemOf(string token, string? name)
    {
        try
        {
            var isAddress = ConfigurationOptions.Parse(token).EndPoints.Count > 0;
            return isAddress || name is not null ? null : $"'{token}' is no address; write host:port";
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            // The library adds which parameter of its own it was.
            return e.Message.Split(" (Parameter", 2)[0].TrimEnd('.');
        }
    }
}
