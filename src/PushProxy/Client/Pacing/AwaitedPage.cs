namespace PushProxy.Client.Pacing;

/// <summary>A requested page that pushes for it must not delay.</summary>
/// <param name="schedule">The schedule of the page's connection.</param>
/// <param name="due">
/// When the origin is expected to answer, as a timestamp of the time provider. It is null if nothing needs to be kept free for the page.
/// </param>
/// <param name="beginning">
/// The bytes kept free for the page in the connection's congestion window, once it may come within a round trip.
/// </param>
internal sealed class AwaitedPage(PushSchedule schedule, long? due, int beginning)
{
    /// <summary>
    /// The size of a page's beginning, which goes before everything else, in bytes. It covers the head and some of what is displayed first.
    /// </summary>
    public const int MaxBeginning = 8 * 1024;

    public long? Due { get; } = due;

    public int Beginning { get; } = beginning;

    /// <summary>Whether the page's first bytes have been written.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Notes that the first bytes have been written. Nothing needs to be kept free any more.</summary>
    public void Begun() => HasBegun = true;

    /// <summary>Notes that the page is complete, or will not come.</summary>
    public void Ended() => schedule.PageEnded(this);
}
