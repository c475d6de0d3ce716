using PushProxy.Knowledge.Saved;
using PushProxy.Model;

namespace PushProxy.Knowledge.Shells;

/// <summary>What came of a shell. It is read without a lock, so the numbers may be of different moments.</summary>
internal sealed class ShellCounts
{
    private long _right;
    private long _wrong;
    private long _sent;
    private long _sentWrong;
    private long _proven;
    private long _provenWrong;
    private long _gainedTicks;

    /// <summary>Answers that began with the shell, and those that did not.</summary>
    public (long Right, long Wrong) Compared => (Volatile.Read(ref _right), Volatile.Read(ref _wrong));

    /// <summary>Shells sent, and those of them that were wrong.</summary>
    public (long All, long Wrong) Sent => (Volatile.Read(ref _sent), Volatile.Read(ref _sentWrong));

    /// <summary>
    /// Answers that came when the shell was proven, so that it was sent or would have been, and those of them that were wrong.
    /// </summary>
    public (long All, long Wrong) Proven => (Volatile.Read(ref _proven), Volatile.Read(ref _provenWrong));

    /// <summary>How much sooner pages have begun, or would have begun, in all.</summary>
    public TimeSpan Gained => TimeSpan.FromTicks(Volatile.Read(ref _gainedTicks));

    /// <summary>In what the last wrong answer differed, as words; null if none did.</summary>
    public string? LastFault { get; private set; }

    /// <summary>The counts, to be kept, or as they were kept.</summary>
    public SavedShellCounts Saved
    {
        get => new(Compared.Right, Compared.Wrong, Sent.All, Sent.Wrong, Proven.All, Proven.Wrong, Gained.Ticks, LastFault);
        set
        {
            (_right, _wrong, _sent, _sentWrong) = (value.Right, value.Wrong, value.Sent, value.SentWrong);
            (_proven, _provenWrong, _gainedTicks, LastFault) = (value.Proven, value.ProvenWrong, value.GainedTicks, value.LastFault);
        }
    }

    /// <summary>Counts a right one.</summary>
    /// <param name="think">How long the origin took.</param>
    /// <param name="isProven">Whether the shell was proven.</param>
    public void Right(TimeSpan think, bool isProven)
    {
        Interlocked.Increment(ref _right);
        if (isProven)
        {
            Interlocked.Increment(ref _proven);
        }

        Interlocked.Add(ref _gainedTicks, think.Ticks);
    }

    /// <summary>Counts a wrong one.</summary>
    /// <param name="verdict">In what the answer differed.</param>
    /// <param name="isProven">Whether the shell was proven.</param>
    /// <param name="isSent">Whether the shell was sent.</param>
    public void Wrong(in ShellVerdict verdict, bool isProven, bool isSent)
    {
        Interlocked.Increment(ref _wrong);
        if (isProven)
        {
            Interlocked.Increment(ref _proven);
            Interlocked.Increment(ref _provenWrong);
        }

        if (isSent)
        {
            Interlocked.Increment(ref _sentWrong);
        }

        LastFault = verdict.ToString();
    }

    public void WasSent() => Interlocked.Increment(ref _sent);
}
