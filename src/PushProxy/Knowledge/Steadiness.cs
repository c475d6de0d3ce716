using PushProxy.Knowledge.Saved;

namespace PushProxy.Knowledge;

/// <summary>
/// Says which names the answers for one variant of a page keep naming. A name has to be named again to be told in advance, and it is not
/// told any more once an answer came without it: then as many answers in a row must name it as would have shown that it stays. A site that
/// takes turns with banners, or that puts the time into a URL, is so told nothing about them. Safe for use by several requests at once.
/// </summary>
internal sealed class Steadiness
{
    /// <summary>The maximum number of names remembered that came and went. The one that came or went first is forgotten.</summary>
    public const int MaxNames = 64;

    /// <summary>How many answers in a row must name what one answer did not name.</summary>
    public const int FirstRun = 8;

    /// <summary>How many answers in a row must name what was told again and then went again.</summary>
    public const int LongestRun = 32;

    /// <summary>How many changes in a row are no longer a new version of the site, but its way.</summary>
    private const int ManyChanges = 2;

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<UInt128, (int Needed, int Seen)> _names = [];
    private int _sinceMiss = Surprises.LongWindow;
    private int _changes;
    private volatile bool _isQuiet = true;
    private int _misses;

    /// <summary>The estimated memory in bytes.</summary>
    public long Size => 104 + Surprises.Size + (64L * _names.Count);

    /// <summary>
    /// The answers that lacked a name that clients are told in advance. When there are too many, clients are told only what the head of
    /// their own page says.
    /// </summary>
    public Surprises Surprises { get; } = new();

    /// <summary>
    /// Whether one of the last <see cref="Surprises.LongWindow"/> answers lacked something that was named before. Then the next one may,
    /// too.
    /// </summary>
    public bool IsChanging => Volatile.Read(ref _sinceMiss) < Surprises.LongWindow;

    /// <summary>Whether each of the last answers named something else.</summary>
    public bool KeepsChanging => Volatile.Read(ref _changes) >= ManyChanges;

    /// <summary>
    /// How often a name went, or came in a way that makes it wait. Who has seen that names are steady looks again when this is another
    /// number.
    /// </summary>
    public int Misses => Volatile.Read(ref _misses);

    /// <summary>Returns what is to be kept; null if no name has come or gone.</summary>
    public SavedSteadiness? Save()
    {
        lock (_lock)
        {
            return _isQuiet ? null
                : new(
                    [.. _names.Select(static n => new SavedRun(n.Key, n.Value.Needed, n.Value.Seen))], _sinceMiss, _changes,
                    Surprises.Save());
        }
    }

    /// <summary>Returns what was kept.</summary>
    public static Steadiness Restore(SavedSteadiness saved)
    {
        var steadiness = new Steadiness
        {
            _isQuiet = false,
            _sinceMiss = Math.Clamp(saved.SinceMiss, 0, Surprises.LongWindow),
            _changes = Math.Max(0, saved.Changes),
        };
        steadiness.Surprises.Restore(saved.Surprises);
        foreach (var (name, needed, seen) in saved.Names.Take(MaxNames))
        {
            steadiness._names[name] = (Math.Clamp(needed, 1, LongestRun), Math.Clamp(seen, 0, LongestRun));
        }

        return steadiness;
    }

    /// <summary>Returns whether a name came and went, and has not been named often enough since.</summary>
    public bool IsUnsteady(UInt128 name)
    {
        if (_isQuiet)
        {
            return false;
        }

        lock (_lock)
        {
            return _names.TryGetValue(name, out var run) && run.Seen < run.Needed;
        }
    }

    /// <summary>Notes that an answer named the same as the one before it.</summary>
    /// <param name="names">What it named.</param>
    /// <param name="gone">What of it this answer did not name. Clients are not told of that.</param>
    /// <returns>True if clients may now be told of more.</returns>
    public bool Same(IReadOnlyList<UInt128> names, params IReadOnlyCollection<UInt128> gone)
    {
        if (_isQuiet)
        {
            return false;
        }

        lock (_lock)
        {
            Surprises.Note(isSurprise: false, 0);
            _changes = gone.Count == 0 ? 0 : _changes;
            _sinceMiss = gone.Count > 0 ? 0 : Math.Min(_sinceMiss + 1, Surprises.LongWindow);
            var isMore = false;
            foreach (var name in names)
            {
                if (gone.Contains(name))
                {
                    Missed(name);
                }
                else
                {
                    isMore |= NamedAgain(name);
                }
            }

            return isMore;
        }
    }

    /// <summary>Notes that an answer named something else than the one before it.</summary>
    /// <param name="before">What the answer before it named, and whether clients were told of it.</param>
    /// <param name="now">What it named.</param>
    /// <param name="isMissed">Returns whether the answer certainly does not name what it does not seem to name.</param>
    /// <param name="address">The address of the answer's client.</param>
    public void Changed(
        IEnumerable<(UInt128 Name, bool IsTold)> before, IReadOnlyList<UInt128> now, Func<UInt128, bool> isMissed, ulong address)
    {
        lock (_lock)
        {
            _isQuiet = false;
            _changes++;

            // One new version of the site is nothing unusual. What is new where something has gone lately may go as it came.
            var hasMissed = _sinceMiss < Surprises.LongWindow;
            var run = Surprises.AreMany ? LongestRun : FirstRun;
            _sinceMiss = Math.Min(_sinceMiss + 1, Surprises.LongWindow);
            var known = new Dictionary<UInt128, bool>();
            foreach (var (name, isTold) in before)
            {
                known[name] = isTold;
            }

            var isSurprise = false;
            foreach (var (name, isTold) in known)
            {
                if (!now.Contains(name) && isMissed(name))
                {
                    isSurprise |= isTold;
                    _sinceMiss = 0;
                    Missed(name);
                }
            }

            foreach (var name in now)
            {
                if (!NamedAgain(name) && hasMissed && !known.ContainsKey(name) && !_names.ContainsKey(name))
                {
                    Keep(name, (run, 1));
                }
            }

            Surprises.Note(isSurprise, address);
        }
    }

    /// <summary>Notes that an answer that is not learned lacked names.</summary>
    /// <param name="names">The names.</param>
    /// <param name="isSurprise">Whether clients are told of one of them.</param>
    /// <param name="address">The address of the answer's client.</param>
    public void Lacked(IEnumerable<UInt128> names, bool isSurprise, ulong address)
    {
        lock (_lock)
        {
            _isQuiet = false;
            foreach (var name in names)
            {
                _sinceMiss = 0;
                Missed(name);
            }

            Surprises.Note(isSurprise, address);
        }
    }

    /// <summary>Notes that names went, as several clients' answers show together.</summary>
    public void Went(IEnumerable<UInt128> names)
    {
        lock (_lock)
        {
            foreach (var name in names)
            {
                _isQuiet = false;
                Missed(name);
            }
        }
    }

    /// <summary>Whether names that came and went are still to be named often enough.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (_lock)
            {
                return !_isQuiet && _names.Values.Any(static run => run is { Seen: > 0 } && run.Seen < run.Needed);
            }
        }
    }

    /// <summary>Notes one of several clients' answers: what went is counted on, or anew. Nothing goes by one client's answer.</summary>
    /// <param name="says">Returns whether the answer named something.</param>
    /// <param name="isGone">Returns whether enough clients' answers lack it.</param>
    public void Answered(Func<UInt128, bool> says, Func<UInt128, bool> isGone)
    {
        if (_isQuiet)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var (name, run) in _names.ToList())
            {
                if (says(name))
                {
                    NamedAgain(name);
                }
                else if (run.Seen < run.Needed && isGone(name))
                {
                    _names[name] = (run.Needed, 0);
                }
            }
        }
    }

    private bool NamedAgain(UInt128 name)
    {
        if (!_names.TryGetValue(name, out var run) || run.Seen >= run.Needed)
        {
            return false;
        }

        run.Seen++;
        _names[name] = run;
        return run.Seen >= run.Needed;
    }

    private void Missed(UInt128 name)
    {
        var needed = !_names.Remove(name, out var run) ? FirstRun
            : run.Seen < run.Needed ? run.Needed
            : LongestRun;
        Keep(name, (needed, 0));
    }

    private void Keep(UInt128 name, (int Needed, int Seen) run)
    {
        if (_names.Count >= MaxNames)
        {
            _names.RemoveAt(0);
        }

        Volatile.Write(ref _misses, _misses + 1);
        _names.Add(name, run);
    }
}
