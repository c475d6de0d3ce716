using System.Net.Sockets;
using System.Security.Authentication;
using StackExchange.Redis;

namespace PushProxy.Redis.Connections;

/// <summary>Says in one line why Redis has not done what it was asked.</summary>
internal static class Reasons
{
    /// <summary>Whether it has answered: by an error, or by what makes no sense.</summary>
    public static bool IsAnswer(Exception e) =>
        e is RedisServerException or InvalidDataException or InvalidCastException or FormatException;

    /// <summary>The reason; null if it is not known.</summary>
    /// <param name="e">What a command has ended with.</param>
    /// <param name="lastFailure">Why the connection was lost or not made, if that is known.</param>
    public static string? Of(Exception e, string? lastFailure) => e switch
    {
        RedisServerException or InvalidDataException => OneLine(e.Message),
        RedisTimeoutException or TimeoutException => "it does not answer",
        InvalidCastException or FormatException => "it answers what is no record",
        _ => Cause(e) ?? lastFailure,
    };

    /// <summary>What the library says of a connection that failed.</summary>
    public static string? Of(ConnectionFailureType type, Exception? e) => Cause(e) ?? Word(type);

    /// <summary>A text without secrets. Some servers repeat what they do not understand.</summary>
    public static string Without(IReadOnlyList<string> secrets, string text) =>
        secrets.Aggregate(text, static (all, secret) => all.Replace(secret, "*****", StringComparison.Ordinal));

    // What the library says itself is many lines of its own state. What is below comes from the server or the system.
    private static string? Cause(Exception? e) => e switch
    {
        null => null,
        SocketException or AuthenticationException or RedisServerException => OneLine(e.Message),
        AggregateException { InnerExceptions: var all } => all.Select(Cause).FirstOrDefault(static cause => cause is not null),
        _ => Cause(e.InnerException) ?? (e is RedisConnectionException { FailureType: var type } ? Word(type) : null),
    };

    private static string? Word(ConnectionFailureType type) => type switch
    {
        ConnectionFailureType.AuthenticationFailure => "it refuses the user or the password",
        ConnectionFailureType.SocketClosed => "it has closed the connection",
        ConnectionFailureType.Loading => "it is still loading",
        _ => null,
    };

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
