using PushProxy.Model;

namespace PushProxy.Server.AccessLog;

/// <summary>
/// What the access log says about one request. Texts of the client are as they came; each byte is a character (ISO 8859-1), and what writes
/// a line escapes them.
/// </summary>
internal sealed record AccessRecord
{
    /// <summary>When the request came, in local time.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The client's address, as a trusted proxy states it; null if it has none.</summary>
    public string? Client { get; init; }

    public required string Method { get; init; }

    /// <summary>The target as the client sent it.</summary>
    public required string Target { get; init; }

    /// <summary><c>1.0</c>, <c>1.1</c> or <c>2</c>.</summary>
    public required string Version { get; init; }

    /// <summary><c>http</c> or <c>https</c>, as a trusted proxy states it.</summary>
    public required string Scheme { get; init; }

    public required int Status { get; init; }

    /// <summary>The bytes of content that were handed over to be sent.</summary>
    public long Bytes { get; init; }

    public string? Host { get; init; }

    public string? Referer { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>How the store answered, as a word of its metrics; null if it was not asked.</summary>
    public string? Cache { get; init; }

    /// <summary>What was delivered early with the page; null if the request was not taken for one of a page.</summary>
    public EarlyShare? Early { get; init; }

    public Arm Arm { get; init; }

    /// <summary>The time from the request's head to the end of the response.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The time from the request's head to the head of the response; null if none was sent.</summary>
    public TimeSpan? FirstByte { get; init; }

    /// <summary>Whether the proxy made the request itself, to push the response.</summary>
    public bool IsPushed { get; init; }

    /// <summary>The route that served it; null if none did.</summary>
    public string? Route { get; init; }

    public AccessEnd End { get; init; }

    /// <summary>About how many bytes of memory the record takes.</summary>
    public int Size => 512 + (sizeof(char)
        * (Method.Length + Target.Length + (Host?.Length ?? 0) + (Referer?.Length ?? 0) + (UserAgent?.Length ?? 0)));
}

/// <summary>What was delivered early with one page.</summary>
/// <param name="Pushed">The number of resources pushed.</param>
/// <param name="Hinted">The number of those that a 103 named; null if none was sent.</param>
/// <param name="Linked">The number of those that the response alone names.</param>
/// <param name="IsShell">Whether the page began before the origin had answered.</param>
internal readonly record struct EarlyShare(int Pushed, int? Hinted, int Linked, bool IsShell);

/// <summary>How a response ended.</summary>
internal enum AccessEnd
{
    /// <summary>It is complete.</summary>
    Complete,

    /// <summary>The client went away, or the proxy gave a push up.</summary>
    Aborted,

    /// <summary>The origin or the proxy broke it off.</summary>
    Broken,
}
