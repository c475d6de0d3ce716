namespace PushProxy.Knowledge;

/// <summary>How long the pages at a path wait until they are analysed again. Guarded by the path's lock.</summary>
internal sealed class LearningPause
{
    /// <summary>The pause after a page that names something else each time.</summary>
    private static readonly TimeSpan Changing = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    private TimeSpan _pause;
    private DateTimeOffset _until;

    public bool IsOver(DateTimeOffset now) => now >= _until;

    public void End() => (_pause, _until) = (default, default);

    /// <summary>
    /// Begins a pause. If the bytes change while the needs stay the same, it is longer and longer. A difference in the needs ends it at
    /// once, unless there is one each time. As long as names wait for a second visitor, it does not grow, so that one client can't keep the
    /// others from being counted.
    /// </summary>
    /// <param name="page">The page that was analysed.</param>
    /// <param name="agrees">Whether it needs the same as the one before.</param>
    /// <param name="now">The time.</param>
    /// <param name="max"><see cref="LearningOptions.MaxRelearnPause"/>.</param>
    public void Begin(LearnedPage page, bool agrees, DateTimeOffset now, TimeSpan max)
    {
        _pause = !agrees ? page.Steadiness is { KeepsChanging: true } ? Changing : TimeSpan.Zero
            : _pause == TimeSpan.Zero || !page.IsConfirmed ? First : _pause * 2;
        _pause = _pause > max ? max : _pause;
        _until = now + _pause;
    }
}
