namespace PushProxy.Client.Pacing;

/// <summary>A page that was asked for, and that must not be held up by what is pushed for it.</summary>
/// <param name="schedule">Its connection's.</param>
/// <param name="due">
/// When the origin is expected to answer; a timestamp of the time provider. Null when nothing is to be kept free for it.
/// </param>
/// <param name="beginning">Bytes that are kept free for it in the window of its connection once it may come within a round trip.</param>
internal sealed class AwaitedPage(PushSchedule schedule, long? due, int beginning)
{
    /// <summary>The beginning of a page that goes before everything, in bytes: the head, and some of what is displayed first.</summary>
    public const int MaxBeginning = 8 * 1024;

    public long? Due { get; } = due;

    public int Beginning { get; } = beginning;

    /// <summary>Whether its first bytes have been written.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>They have: nothing needs to be kept free any more.</summary>
    public void Begun() => HasBegun = true;

    /// <summary>Its last byte has been written, or there will be none.</summary>
    public void Ended() => schedule.PageEnded(this);
}
