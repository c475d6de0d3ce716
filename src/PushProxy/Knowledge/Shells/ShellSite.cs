using PushProxy.Model;

namespace PushProxy.Knowledge.Shells;

/// <summary>
/// What all shells of one host came to. When too many that were sent were wrong, none is sent until as many answers in a row have been
/// right as a page needs. When two pages begin otherwise within moments, the site is probably being changed, and none is sent for a while.
/// </summary>
internal sealed class ShellSite(ShellOptions options, TimeProvider time)
{
    /// <summary>One wrong shell in so many ends them.</summary>
    private const int MinSentPerWrong = 1000;

    private const int MaxSent = 10 * MinSentPerWrong;

    private static readonly TimeSpan DeployTime = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long _sent;
    private long _wrong;
    private long _rightsInARow;
    private PageKey? _otherwise;
    private long _otherwiseAt;
    private long? _changedAt;
    private bool _isStopped;

    /// <summary>When pages of the site were seen to begin otherwise, as a timestamp of the clock; the smallest number if never.</summary>
    public long ChangedAt
    {
        get
        {
            lock (_lock)
            {
                return _changedAt ?? long.MinValue;
            }
        }
    }

    /// <summary>Returns why no shell of the site is sent now; <see cref="ShellSkip.None"/> if one may be.</summary>
    public ShellSkip WhyNot()
    {
        lock (_lock)
        {
            return _isStopped ? ShellSkip.SiteStopped
                : _changedAt is { } at && time.GetElapsedTime(at) < DeployTime ? ShellSkip.Deploy : ShellSkip.None;
        }
    }

    public void WasSent()
    {
        lock (_lock)
        {
            // Only the last thousands count.
            if (++_sent >= MaxSent)
            {
                (_sent, _wrong) = (_sent / 2, _wrong / 2);
            }
        }
    }

    /// <summary>An answer began with its shell.</summary>
    public void WasRight()
    {
        lock (_lock)
        {
            if (_isStopped && ++_rightsInARow >= options.After)
            {
                (_isStopped, _sent, _wrong) = (false, 0, 0);
            }
        }
    }

    /// <summary>An answer did not begin with its shell.</summary>
    /// <param name="page">The page.</param>
    /// <param name="fault">In what it differed.</param>
    /// <param name="isSent">Whether the shell was sent.</param>
    /// <returns>Whether this stops the site's shells.</returns>
    public bool WasWrong(PageKey page, ShellFault fault, bool isSent)
    {
        lock (_lock)
        {
            _rightsInARow = 0;

            // Pages that are gone, and those that never were, do not show that the others are changed.
            if (fault is ShellFault.Bytes or ShellFault.Field or ShellFault.Short)
            {
                if (_otherwise is { } other && other != page && time.GetElapsedTime(_otherwiseAt) < DeployTime)
                {
                    _changedAt = time.GetTimestamp();
                }

                (_otherwise, _otherwiseAt) = (page, time.GetTimestamp());
            }

            if (!isSent || _isStopped || ++_wrong * MinSentPerWrong < _sent)
            {
                return false;
            }

            return _isStopped = true;
        }
    }
}
