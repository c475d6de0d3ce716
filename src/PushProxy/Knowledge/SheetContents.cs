using PushProxy.Knowledge.Saved;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// The versions of one stylesheet side by side, and which of them have the same content. Two servers of one origin often send the same
/// bytes with validators of their own. That is no change, because what the stylesheet names is the same. Safe for use by many threads at
/// once.
/// </summary>
internal sealed class SheetContents
{
    /// <summary>The maximum number of versions remembered. When it is reached, the one remembered first is forgotten.</summary>
    private const int MaxVersions = 8;

    /// <summary>How long a version whose content is not certain is not taken for a change again.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private UInt128? _current;

    /// <summary>The hash of the content that pages were last read with; null if it is not known.</summary>
    public UInt128? Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>Returns what is to be kept.</summary>
    public SavedContents Save()
    {
        lock (_lock)
        {
            return new([.. _entries.Select(static e => new SavedVersion(e.Version, e.Body, e.Content, e.IsProven))], _current);
        }
    }

    /// <summary>Returns what was kept.</summary>
    public static SheetContents Restore(SavedContents saved)
    {
        var contents = new SheetContents { _current = saved.Current };
        foreach (var version in saved.Versions)
        {
            contents.Add(new Entry(version.Version, version.Body) { Content = version.Content, IsProven = version.IsProven });
        }

        return contents;
    }

    /// <summary>Returns whether it is known what a version contains, or that nobody can tell.</summary>
    public bool Knows(ResourceVersion version)
    {
        lock (_lock)
        {
            return Find(version) is not null;
        }
    }

    /// <summary>Returns whether two versions are known to have the same content.</summary>
    public bool AreSame(ResourceVersion one, ResourceVersion other)
    {
        lock (_lock)
        {
            return Find(one) is { IsProven: true } a && Find(other) is { IsProven: true } b && a.Content == b.Content;
        }
    }

    /// <summary>Notes that a known version passed.</summary>
    /// <returns>True if its content is not that of the version before.</returns>
    public bool Passed(ResourceVersion version, DateTimeOffset now)
    {
        lock (_lock)
        {
            return Find(version) is { } entry && IsChange(entry, now);
        }
    }

    /// <summary>Notes that an unknown version passed.</summary>
    /// <param name="version">The version.</param>
    /// <param name="body">The hash of the body as it passed; null if no body passed.</param>
    /// <param name="isCoded">Whether the body had a content coding. Two codings of the same content have different hashes.</param>
    /// <param name="now">The time.</param>
    /// <returns>True if its content is not that of the version before, as far as the hash can tell.</returns>
    public bool Passed(ResourceVersion version, UInt128? body, bool isCoded, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (Find(version) is not { } entry)
            {
                var same = body is null ? null : _entries.Find(e => e.Body == body && e.IsProven);
                entry = new Entry(version, body)
                {
                    IsProven = same is not null || (body is not null && !isCoded),
                    Content = same?.Content ?? body ?? default,
                };
                Add(entry);
            }

            return IsChange(entry, now);
        }
    }

    /// <summary>Notes a version that was fetched to be read.</summary>
    /// <param name="version">The version.</param>
    /// <param name="body">The hash of the body as it came.</param>
    /// <param name="content">The hash of the content without its coding.</param>
    public void Fetched(ResourceVersion version, UInt128 body, UInt128 content)
    {
        lock (_lock)
        {
            if (Find(version) is not { } entry)
            {
                Add(entry = new Entry(version, body));
            }
            else if (!entry.IsProven)
            {
                // The page that needs it has just been read with this content.
                _current = content;
            }

            (entry.Body, entry.Content, entry.IsProven) = (body, content, true);
            _current ??= content;
            foreach (var other in _entries)
            {
                if (!other.IsProven && other.Body == body)
                {
                    (other.Content, other.IsProven) = (content, true);
                }
            }
        }
    }

    private bool IsChange(Entry entry, DateTimeOffset now)
    {
        if (!entry.IsProven)
        {
            // Perhaps it is the same in another coding. The pages are read again, and not with each answer.
            var isDoubted = now - entry.DoubtedAt >= Doubt;
            entry.DoubtedAt = isDoubted ? now : entry.DoubtedAt;
            return isDoubted && _current is not null;
        }

        var before = _current;
        _current = entry.Content;
        return before is not null && before != entry.Content;
    }

    private Entry? Find(ResourceVersion version)
    {
        // Called for each answer, so it allocates nothing.
        foreach (var entry in _entries)
        {
            if (entry.Version == version)
            {
                return entry;
            }
        }

        return null;
    }

    private void Add(Entry entry)
    {
        if (_entries.Count >= MaxVersions)
        {
            _entries.RemoveAt(0);
        }

        _entries.Add(entry);
    }

    private sealed class Entry(ResourceVersion version, UInt128? body)
    {
        public ResourceVersion Version { get; } = version;

        /// <summary>The hash of the body in the coding in which it came; null if no body was seen.</summary>
        public UInt128? Body { get; set; } = body;

        /// <summary>The hash of the content without coding. It means something only if it is proven.</summary>
        public UInt128 Content { get; set; }

        public bool IsProven { get; set; }

        public DateTimeOffset DoubtedAt { get; set; } = DateTimeOffset.MinValue;
    }
}
