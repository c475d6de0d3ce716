using Microsoft.AspNetCore.Http;
using PushProxy.Analysis.Shells;
using PushProxy.Knowledge.Saved;
using PushProxy.Model;

namespace PushProxy.Knowledge.Shells;

/// <summary>
/// What is known about the beginning of one page, or of the pages of one folder or route: the shell, how often it was right, and the
/// answers that are being compared now.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="pages">Of how many different pages it must be seen.</param>
/// <param name="time">The clock.</param>
internal sealed class LearnedShell(ShellOptions options, int pages, TimeProvider time)
{
    /// <summary>
    /// While a shell is right, one in so many answers begins new comparisons, to see whether the pages have more in common.
    /// </summary>
    private const int Pause = 64;

    private readonly Lock _lock = new();
    private readonly ShellRights _rights = new(options);
    private volatile Shell? _current;
    private ShellWindow? _window;
    private (byte[] Bytes, int Length, ShellFields Fields, bool IsShorter)? _uncut;
    private int _cutFrom, _mayCopyAfter;
    private bool _comesEncodedUnasked;

    /// <summary>The shell; null if there is none.</summary>
    public Shell? Current => _current;

    /// <summary>Whether the last answer came with a content coding.</summary>
    public bool CameEncoded { get; set; }

    public ShellCounts Counts { get; } = new();

    /// <summary>The memory that the store has counted for it, in bytes.</summary>
    public long KeptSize { get; set; }

    /// <summary>Why there is no shell, or why it is not longer; null if not known yet.</summary>
    public string? Limit { get; private set; }

    /// <summary>How long the origin takes.</summary>
    public PageTiming Timing { get; } = new();

    /// <summary>Whether a shell that was sent was wrong, and the page has not proven another since. No template speaks for it.</summary>
    public bool IsStopped { get; set; }

    /// <summary>When it was last looked for, as the ticks of UTC.</summary>
    public long UsedAt { get; set; }

    /// <summary>Returns what is to be kept; null if there is no shell.</summary>
    public SavedShell? Save(ShellKey key)
    {
        lock (_lock)
        {
            return _current is not { } own ? null
                : new(
                    key, new(UsedAt, TimeSpan.Zero), own.Bytes.ToArray(), own.Fields.Save(), own.ForbidsScripts, _cutFrom, _rights.Save())
                {
                    Limit = Limit,
                    IsStopped = IsStopped,
                    ComesEncodedUnasked = _comesEncodedUnasked,
                    Timing = Timing.Saved,
                    Counts = Counts.Saved,
                };
        }
    }

    /// <summary>Takes over what was kept. It is sent once an answer has shown that it is still right.</summary>
    public void Restore(SavedShell saved)
    {
        lock (_lock)
        {
            _current = new Shell(saved.Bytes, ShellFields.Of(saved.Fields), saved.ForbidsScripts);
            (_cutFrom, _comesEncodedUnasked, Limit, IsStopped) = (saved.CutFrom, saved.ComesEncodedUnasked, saved.Limit, saved.IsStopped);
            (UsedAt, Timing.Saved, Counts.Saved) = (saved.UsedAt.UtcTicks, saved.Timing, saved.Counts);
            _rights.Restore(saved.Rights);
        }
    }

    /// <summary>Takes over what another instance knows: how often the same shell was right, or a shell where there is none.</summary>
    /// <returns>Whether there is another shell now.</returns>
    public bool Merge(SavedShell saved)
    {
        lock (_lock)
        {
            if (_current is null && _uncut is null && Counts.Compared.Wrong == 0)
            {
                Restore(saved);
                return true;
            }

            if (_current?.Bytes.Span.SequenceEqual(saved.Bytes) == true && _current.Fields.Equals(ShellFields.Of(saved.Fields)))
            {
                _rights.Merge(saved.Rights);
            }

            return false;
        }
    }

    /// <summary>Returns whether the shell has been right so often that it may be sent.</summary>
    /// <param name="since">When the site was changed, as a timestamp of the clock; it must have been right since then.</param>
    public bool IsProven(long since = long.MinValue)
    {
        lock (_lock)
        {
            return _current is not null && _rights.AreEnough && _rights.LastAt != ShellRights.Unknown && _rights.LastAt >= since
                && !_comesEncodedUnasked;
        }
    }

    /// <summary>The estimated memory, in bytes.</summary>
    public long Size
    {
        get
        {
            lock (_lock)
            {
                return 512 + _rights.Size + (_current?.Size ?? 0) + (_window?.Size ?? 0) + (_uncut?.Bytes.Length ?? 0);
            }
        }
    }

    /// <summary>Begins to compare an answer. Its header fields have come.</summary>
    /// <param name="shell">The shell that was sent or would have been sent before it; null if there was none.</param>
    /// <param name="headers">The header fields.</param>
    /// <param name="vary">The names of the request fields that tell its pages apart.</param>
    public ShellView Begin(Shell? shell, IHeaderDictionary headers, IReadOnlyList<string> vary)
    {
        var varies = VariantKey.TryParseVary(headers.Vary, [], out var names) && names.All(vary.Contains) ? null : "Vary";
        lock (_lock)
        {
            return new ShellView(this, shell, _window, headers, copies: _window is null && --_mayCopyAfter < 0, options.MaxBytes, varies);
        }
    }

    /// <summary>Learns from an answer that has come as a whole.</summary>
    /// <returns>Whether what is kept has changed: its size, or what is to be cut.</returns>
    public bool Learn(ShellView view, ShellVisit visit, TimeSpan think)
    {
        Timing.Observe(think, null);
        lock (_lock)
        {
            var (window, current) = (_window, _current);
            if (view.Shell is { } shell)
            {
                Judge(shell, view.Verdict, visit, think);
            }

            if (_window is null && view.Copy is { } copy)
            {
                _window = new ShellWindow(copy, view.Fields, view.Obstacle);
                _window.Add(copy.Length, null, visit.Client, visit.PageHash);
            }
            else if (_window is not null && ReferenceEquals(_window, view.Window))
            {
                _window.Add(view.SameAsWindow, view.WindowDifference, visit.Client, visit.PageHash);
            }

            if (_window?.IsFull(options, pages) == true)
            {
                Finish(_window);
            }

            return _window != window || _current != current || _uncut is not null;
        }
    }

    /// <summary>Notes whether an answer began with its shell.</summary>
    /// <param name="shell">The shell that was sent, or would have been.</param>
    /// <param name="verdict">In what the answer differs from it.</param>
    /// <param name="visit">The visit that it belongs to.</param>
    /// <param name="think">How long the origin took.</param>
    public void Note(Shell shell, in ShellVerdict verdict, ShellVisit visit, TimeSpan think)
    {
        lock (_lock)
        {
            Judge(shell, verdict, visit, think);
        }
    }

    /// <summary>Whether there are bytes to be cut.</summary>
    public bool MustCut
    {
        get
        {
            lock (_lock)
            {
                return _uncut is not null;
            }
        }
    }

    /// <summary>Cuts what the answers have in common. It parses, so it runs outside the request path.</summary>
    public void Cut()
    {
        (byte[] Bytes, int Length, ShellFields Fields, bool IsShorter) from;
        lock (_lock)
        {
            if (_uncut is not { } uncut)
            {
                return;
            }

            (from, _uncut) = (uncut, null);
        }

        var cut = ShellCut.Of(from.Bytes.AsSpan(0, from.Length), from.Fields.Charset);
        lock (_lock)
        {
            _cutFrom = from.Length;
            Limit = LimitOf(cut, from.Length, options);
            if (cut.Length < Shell.MinBytes)
            {
                _current = null;
                return;
            }

            // What is cut at the same place for another reason, or not much later, is not worth being proved again.
            var bytes = from.Bytes.AsMemory(0, cut.Length);
            if (_current is { } current && cut.Length <= 2 * current.Bytes.Length && bytes.Span.StartsWith(current.Bytes.Span)
                && current.Fields.Equals(from.Fields))
            {
                return;
            }

            // What is shorter has been right as often as what was longer.
            if (!from.IsShorter)
            {
                _rights.Clear();
            }

            _current = new Shell(bytes.ToArray(), from.Fields, cut.RestrictsScripts || from.Fields.ForbidScripts);
        }
    }

    /// <summary>Returns why a shell is not longer, as a word.</summary>
    /// <param name="cut">Where it was cut.</param>
    /// <param name="given">How much the answers have in common, in bytes.</param>
    /// <param name="options">The limits.</param>
    public static string LimitOf(ShellCut cut, int given, ShellOptions options) =>
        cut.End != ShellEnd.Given ? cut.End.Name() : given == options.MaxBytes ? "max-bytes" : "differs";

    private void Judge(Shell shell, in ShellVerdict verdict, ShellVisit visit, TimeSpan think)
    {
        var isCurrent = ReferenceEquals(shell, _current);
        var isProven = visit.IsSent || (isCurrent && _rights.AreEnough);
        if (verdict.Fault == ShellFault.None)
        {
            Counts.Right(think, isProven);
            if (isCurrent)
            {
                _rights.Add(visit.Client, time.GetTimestamp());
                IsStopped &= !_rights.AreEnough;
            }

            return;
        }

        Counts.Wrong(verdict, isProven, visit.IsSent);
        _comesEncodedUnasked |= verdict.Fault == ShellFault.Encoded;
        if (isCurrent && verdict is { Fault: ShellFault.Bytes, Same: >= Shell.MinBytes })
        {
            _current = null;
            _uncut = (shell.Bytes.ToArray(), verdict.Same, shell.Fields, IsShorter: !visit.IsSent);
        }
        else if (isCurrent)
        {
            StartAnew();
        }
    }

    private void Finish(ShellWindow window)
    {
        _window = null;
        _mayCopyAfter = _current is null ? 0 : Pause;
        if (window.Obstacle is { } obstacle)
        {
            Limit = obstacle;
        }
        else if (_uncut is null && window.Common >= Shell.MinBytes
            && (_current is not { } current || window.Common > 2 * _cutFrom || !current.Fields.Equals(window.Fields)))
        {
            _uncut = (window.Bytes, window.Common, window.Fields!, IsShorter: false);
        }
        else if (_current is null)
        {
            Limit ??= "differs";
        }
    }

    private void StartAnew()
    {
        (_current, _window, _uncut, _mayCopyAfter) = (null, null, null, 0);
        _rights.Clear();
    }
}
