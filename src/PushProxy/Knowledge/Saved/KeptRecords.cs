using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PushProxy.Knowledge.Shells;
using PushProxy.Model;

namespace PushProxy.Knowledge.Saved;

/// <summary>
/// What was read back at the start and is not used yet. A record is read as soon as somebody asks for what it is about, so that a start
/// does not wait for all of them. Safe for use by several requests at once.
/// </summary>
internal sealed class KeptRecords
{
    /// <summary>How many resources may wait for a page that names them.</summary>
    private const int MaxPut = 16 * 1024;

    private readonly Lock _lock = new();
    private Dictionary<(SavedKind Kind, UInt128 Key), ReadOnlyMemory<byte>> _waiting = [];
    private readonly Dictionary<string, SavedResource> _put = new(StringComparer.Ordinal);
    private Func<string, bool> _isRoute = static _ => true;
    private volatile Task? _reading;
    private volatile bool _isEmpty = true;
    private volatile bool _hasPages;

    /// <summary>
    /// What reads the file. Whoever asks for something waits for it; that is so in the first moments of the program alone.
    /// </summary>
    public Task Reading
    {
        set => _reading = value;
    }

    /// <summary>Whether no page is left, and no shell.</summary>
    public bool HasNoPages
    {
        get
        {
            WaitForFile();
            return !_hasPages;
        }
    }

    /// <summary>How many records could not be used: they are not valid.</summary>
    public int Invalid { get; private set; }

    /// <summary>What is left, as it was read.</summary>
    public IReadOnlyList<(SavedKind Kind, UInt128 Key, ReadOnlyMemory<byte> Text)> Remaining
    {
        get
        {
            WaitForFile();
            lock (_lock)
            {
                return [.. _waiting.Select(static w => (w.Key.Kind, w.Key.Key, w.Value))];
            }
        }
    }

    /// <summary>Takes over records.</summary>
    /// <param name="records">The records.</param>
    /// <param name="isRoute">Returns whether what was learned of a route is still of use.</param>
    public void Add(IReadOnlyList<(SavedKind Kind, UInt128 Key, ReadOnlyMemory<byte> Text)> records, Func<string, bool> isRoute)
    {
        lock (_lock)
        {
            _isRoute = isRoute;
            _waiting = new(records.Count);
            foreach (var (kind, key, text) in records)
            {
                if (kind != SavedKind.About)
                {
                    _waiting[(kind, key)] = text;
                }
            }

            _isEmpty = _waiting.Count == 0;
            _hasPages = !_isEmpty;
        }
    }

    /// <summary>Forgets what nobody has asked for.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            (_waiting, _isEmpty, _hasPages) = ([], _put.Count == 0, false);
        }
    }

    /// <summary>
    /// Forgets pages that were purged, and all resources: some of them were purged, and what they are is asked for again.
    /// </summary>
    public void Forget(PurgedUrls purged)
    {
        foreach (var key in KeysOf(SavedKind.Resource))
        {
            Remove((SavedKind.Resource, key));
        }

        lock (_lock)
        {
            _put.Clear();
        }

        foreach (var key in KeysOf(SavedKind.Path))
        {
            if (Read(SavedKind.Path, key, SavedJson.Default.SavedPath) is not { } saved || purged.MayHave(saved.Key))
            {
                Remove((SavedKind.Path, key));
            }
        }
    }

    /// <summary>
    /// Adds what another instance knows of a resource, for the page that names it and that comes next. If none comes for too many, all that
    /// wait so are forgotten.
    /// </summary>
    public void Put(SavedResource resource)
    {
        lock (_lock)
        {
            if (_put.Count >= MaxPut)
            {
                _put.Clear();
            }

            _put[resource.Key] = resource;
            _isEmpty = false;
        }
    }

    /// <summary>The keys of a kind that are left.</summary>
    public IReadOnlyList<UInt128> KeysOf(SavedKind kind)
    {
        WaitForFile();
        lock (_lock)
        {
            return [.. _waiting.Keys.Where(k => k.Kind == kind).Select(static k => k.Key)];
        }
    }

    /// <summary>Takes what was kept of a path; null if nothing was.</summary>
    public SavedPath? TakePath(PageKey key) =>
        !HasNoPages && TakePath(RecordKey.Of(key)) is { } saved && saved.Key == key ? saved : null;

    /// <summary>Takes a path by the key of its record.</summary>
    public SavedPath? TakePath(UInt128 key) =>
        Take(SavedKind.Path, key, SavedJson.Default.SavedPath, Validity.Of) is { } saved && _isRoute(saved.Key.Route) ? saved : null;

    /// <summary>Takes what was kept of a resource, or what another instance knows of it; null if nothing is known.</summary>
    public SavedResource? TakeResource(string key)
    {
        if (IsEmpty)
        {
            return null;
        }

        var kept = Take(SavedKind.Resource, RecordKey.Of(key), SavedJson.Default.SavedResource, r => r.Key == key);
        lock (_lock)
        {
            return _put.Remove(key, out var put) && !(kept?.SeenAt > put.SeenAt) ? put : kept;
        }
    }

    /// <summary>Takes what was kept of a shell; null if nothing was.</summary>
    public SavedShell? TakeShell(ShellKey key) =>
        !HasNoPages && TakeShell(RecordKey.Of(key)) is { } saved && saved.Key == key ? saved : null;

    /// <summary>Takes a shell by the key of its record.</summary>
    public SavedShell? TakeShell(UInt128 key) =>
        Take(SavedKind.Shell, key, SavedJson.Default.SavedShell, Validity.Of) is { } saved && _isRoute(saved.Key.Route) ? saved : null;

    private bool IsEmpty
    {
        get
        {
            WaitForFile();
            return _isEmpty;
        }
    }

    private void WaitForFile()
    {
        if (_reading is { } reading)
        {
            reading.GetAwaiter().GetResult();
            _reading = null;
        }
    }

    private T? Take<T>(SavedKind kind, UInt128 key, JsonTypeInfo<T> type, Func<T, bool> isValid)
        where T : class
    {
        WaitForFile();
        return !Remove((kind, key), out var text) ? null : Parse(text, type) is { } saved && isValid(saved) ? saved : NotValid<T>();
    }

    private T? Read<T>(SavedKind kind, UInt128 key, JsonTypeInfo<T> type)
        where T : class
    {
        lock (_lock)
        {
            return _waiting.TryGetValue((kind, key), out var text) ? Parse(text, type) : null;
        }
    }

    private static T? Parse<T>(ReadOnlyMemory<byte> text, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(text.Span, type);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    private T? NotValid<T>()
        where T : class
    {
        Invalid++;
        return null;
    }

    private bool Remove((SavedKind Kind, UInt128 Key) key, out ReadOnlyMemory<byte> text)
    {
        lock (_lock)
        {
            return _waiting.Remove(key, out text);
        }
    }

    private void Remove((SavedKind Kind, UInt128 Key) key) => Remove(key, out _);
}
