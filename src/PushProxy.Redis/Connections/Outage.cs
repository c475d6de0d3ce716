using Microsoft.Extensions.Logging;

namespace PushProxy.Redis.Connections;

/// <summary>
/// Knows whether Redis can be used, and says so once: when it can't be used any more, and when reading and writing are possible again.
/// </summary>
/// <param name="place">What it is called in the log.</param>
/// <param name="secrets">What must not be in the log, whoever writes it.</param>
/// <param name="logger">The log.</param>
internal sealed partial class Outage(string place, IReadOnlyList<string> secrets, ILogger logger)
{
    /// <summary>How many failures without a cause are not said yet. The library mostly knows that of the next one.</summary>
    private const int MaxUnexplained = 3;

    private readonly Lock _lock = new();
    private readonly HashSet<Direction> _failing = [];
    private long _answeredAt = Environment.TickCount64;
    private volatile bool _isAnswering;
    private bool _isSaid;
    private int _unexplained;

    /// <summary>Whether it has answered what it was asked last.</summary>
    public bool IsAnswering => _isAnswering;

    /// <summary>How long ago it answered; since this object was made, if it never did.</summary>
    public TimeSpan Silence => TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref _answeredAt));

    /// <summary>It has answered, be it by an error.</summary>
    public void Answered()
    {
        Interlocked.Exchange(ref _answeredAt, Environment.TickCount64);
        _isAnswering = true;
    }

    /// <summary>It has done what it was asked.</summary>
    public void Succeeded(Direction direction)
    {
        Answered();
        lock (_lock)
        {
            if (_failing.Remove(direction) && _failing.Count == 0)
            {
                _unexplained = 0;
                if (_isSaid)
                {
                    _isSaid = false;
                    LogBack(place);
                }
            }
        }
    }

    /// <summary>It has not done what it was asked.</summary>
    public void Failed(Direction direction, Exception e, string? lastFailure)
    {
        if (Reasons.IsAnswer(e))
        {
            Answered();
        }
        else
        {
            _isAnswering = false;
        }

        lock (_lock)
        {
            _failing.Add(direction);
            if (!_isSaid && (Reasons.Of(e, lastFailure) ?? (++_unexplained < MaxUnexplained ? null : "it can't be reached")) is { } reason)
            {
                _isSaid = true;
                LogGone(place, Reasons.Without(secrets, reason));
            }
        }
    }

    /// <summary>What is not announced by the channel comes by looking.</summary>
    public void NoNews(Exception e) => LogNoNews(place, Reasons.Without(secrets, Reasons.Of(e, null) ?? e.GetType().Name));

    [LoggerMessage(1, LogLevel.Warning,
        "Redis at {Place} can't be used: {Reason}. What this instance learns waits, and what others learn does not come")]
    private partial void LogGone(string place, string reason);

    [LoggerMessage(2, LogLevel.Information, "Redis at {Place} can be used again")]
    private partial void LogBack(string place);

    [LoggerMessage(3, LogLevel.Warning, "Redis at {Place} does not tell news: {Reason}. What others learn comes some seconds later")]
    private partial void LogNoNews(string place, string reason);
}

/// <summary>What Redis is used for.</summary>
internal enum Direction
{
    /// <summary>To learn what others have put.</summary>
    Reading,

    /// <summary>To put.</summary>
    Writing,
}
