using PushProxy.Model;

namespace PushProxy.Knowledge.Shells;

/// <summary>What came of a shell. It is read without a lock, so the numbers may be of different moments.</summary>
internal sealed class ShellCounts
{
    private long _right;
    private long _wrong;
    private long _sent;
    private long _sentWrong;
    private long _gainedTicks;

    /// <summary>Answers that began with the shell, and those that did not.</summary>
    public (long Right, long Wrong) Compared => (Volatile.Read(ref _right), Volatile.Read(ref _wrong));

    /// <summary>Shells sent, and those of them that were wrong.</summary>
    public (long All, long Wrong) Sent => (Volatile.Read(ref _sent), Volatile.Read(ref _sentWrong));

    /// <summary>How much sooner pages have begun, or would have begun, in all.</summary>
    public TimeSpan Gained => TimeSpan.FromTicks(Volatile.Read(ref _gainedTicks));

    /// <summary>In what the last wrong answer differed, as words; null if none did.</summary>
    public string? LastFault { get; private set; }

    public void Right(TimeSpan think)
    {
        Interlocked.Increment(ref _right);
        Interlocked.Add(ref _gainedTicks, think.Ticks);
    }

    /// <summary>Counts a wrong one.</summary>
    /// <param name="verdict">In what the answer differed.</param>
    /// <param name="isSent">Whether the shell was sent.</param>
    public void Wrong(in ShellVerdict verdict, bool isSent)
    {
        Interlocked.Increment(ref _wrong);
        if (isSent)
        {
            Interlocked.Increment(ref _sentWrong);
        }

        LastFault = verdict.ToString();
    }

    public void WasSent() => Interlocked.Increment(ref _sent);
}
