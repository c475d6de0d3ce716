using Microsoft.AspNetCore.Http;
using PushProxy.Analysis.Shells;
using PushProxy.Model;

namespace PushProxy.Knowledge.Shells;

/// <summary>
/// What is known about the beginning of one page, or of the pages of one folder or route: the shell, how often it was right, and the
/// answers that are being compared now.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="pages">Of how many different pages it must be seen.</param>
internal sealed class LearnedShell(ShellOptions options, int pages)
{
    /// <summary>
    /// While a shell is right, one in so many answers begins new comparisons, to see whether the pages have more in common.
    /// </summary>
    private const int Pause = 64;

    private readonly Lock _lock = new();
    private readonly AddressSet _rightClients = new(64);
    private volatile Shell? _current;
    private ShellWindow? _window;
    private (byte[] Bytes, int Length, ShellFields Fields, bool IsShorter)? _uncut;
    private int _pause;
    private long _rightsInARow;

    /// <summary>The shell; null if there is none.</summary>
    public Shell? Current => _current;

    /// <summary>Whether the last answer came with a content coding.</summary>
    public bool CameEncoded { get; set; }

    public ShellCounts Counts { get; } = new();

    /// <summary>The memory that the store has counted for it, in bytes.</summary>
    public long KeptSize { get; set; }

    /// <summary>Why there is no shell, or why it is not longer; null if not known yet.</summary>
    public string? Limit { get; private set; }

    /// <summary>Whether the shell has been right so often that it may be sent.</summary>
    public bool IsProven
    {
        get
        {
            lock (_lock)
            {
                return _current is not null && _rightsInARow >= options.After && _rightClients.Count >= options.Clients;
            }
        }
    }

    /// <summary>The estimated memory, in bytes.</summary>
    public long Size
    {
        get
        {
            lock (_lock)
            {
                return 512 + _rightClients.Size + (_current?.Size ?? 0) + (_window?.Size ?? 0) + (_uncut?.Bytes.Length ?? 0);
            }
        }
    }

    /// <summary>Begins to compare an answer. Its header fields have come.</summary>
    /// <param name="shell">The shell that was sent or would have been sent before it; null if there was none.</param>
    /// <param name="headers">The header fields.</param>
    public ShellView Begin(Shell? shell, IHeaderDictionary headers)
    {
        lock (_lock)
        {
            return new ShellView(this, shell, _window, headers, copies: _window is null && --_pause <= 0, options.MaxBytes);
        }
    }

    /// <summary>Learns from an answer that has come as a whole.</summary>
    public void Learn(ShellView view, ShellVisit visit, TimeSpan think)
    {
        lock (_lock)
        {
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

            from = uncut;
        }

        var cut = ShellCut.Of(from.Bytes.AsSpan(0, from.Length), from.Fields.Charset);
        lock (_lock)
        {
            if (_uncut is not { } uncut || uncut != from)
            {
                return;
            }

            _uncut = null;
            Limit = cut.End == ShellEnd.Given
                ? from.Length == options.MaxBytes ? "max-bytes" : "differs" : cut.End.Name();
            if (cut.Length < Shell.MinBytes)
            {
                _current = null;
                return;
            }

            // What is cut at the same place for another reason, or not much later, is not worth being proved again.
            if (_current is { } current && cut.Length <= 2 * current.Bytes.Length)
            {
                return;
            }

            // What is shorter has been right as often as what was longer.
            if (!from.IsShorter)
            {
                ForgetRights();
            }

            _current = new Shell(
                from.Bytes.AsMemory(0, cut.Length).ToArray(), from.Fields, cut.RestrictsScripts || from.Fields.HasPolicy);
        }
    }

    private void Judge(Shell shell, in ShellVerdict verdict, ShellVisit visit, TimeSpan think)
    {
        var isCurrent = ReferenceEquals(shell, _current);
        if (verdict.Fault == ShellFault.None)
        {
            Counts.Right(think);
            if (isCurrent)
            {
                _rightsInARow++;
                _rightClients.Add(visit.Client);
            }

            return;
        }

        Counts.Wrong(verdict, visit.IsSent);
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
        _pause = Pause;
        if (window.Obstacle is { } obstacle)
        {
            Limit = obstacle;
            _pause = _current is null ? 0 : Pause;
        }
        else if (_uncut is null && window.Common >= Shell.MinBytes
            && (_current is not { } current || window.Common > 2 * current.Bytes.Length))
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
        (_current, _window, _uncut, _pause) = (null, null, null, 0);
        ForgetRights();
    }

    private void ForgetRights()
    {
        _rightsInARow = 0;
        _rightClients.Clear();
    }
}
