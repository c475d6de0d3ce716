using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PushProxy.Analysis;
using PushProxy.Knowledge.Shells;
using PushProxy.Model;

namespace PushProxy.Knowledge.Saved;

/// <summary>
/// What was read back at the start and is not used yet. A record is read as soon as somebody asks for what it is about, so that a start
/// does not wait for all of them. Safe for use by several requests at once.
/// </summary>
internal sealed class KeptRecords
{
    /// <summary>The longest URL or text within a record, in characters.</summary>
    private const int MaxText = 16 * 1024;

    /// <summary>How many resources may wait for a page that names them.</summary>
    private const int MaxPut = 16 * 1024;

    private readonly Lock _lock = new();
    private Dictionary<(SavedKind Kind, UInt128 Key), ReadOnlyMemory<byte>> _waiting = [];
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
            (_waiting, _isEmpty, _hasPages) = ([], true, false);
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

        foreach (var key in KeysOf(SavedKind.Path))
        {
            if (Read(SavedKind.Path, key, SavedJson.Default.SavedPath) is not { } saved || purged.MayHave(saved.Key))
            {
                Remove((SavedKind.Path, key));
            }
        }
    }

    /// <summary>Adds what another instance knows of a resource, for the page that names it and that comes next.</summary>
    public void Put(string resource, ReadOnlyMemory<byte> text)
    {
        lock (_lock)
        {
            if (_waiting.Count < MaxPut)
            {
                _waiting[(SavedKind.Resource, RecordKey.Of(resource))] = text;
                _isEmpty = false;
            }
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
        Take(SavedKind.Path, key, SavedJson.Default.SavedPath, IsValid) is { } saved && _isRoute(saved.Key.Route) ? saved : null;

    /// <summary>Takes what was kept of a resource; null if nothing was.</summary>
    public SavedResource? TakeResource(string key) => !IsEmpty
        && Take(SavedKind.Resource, RecordKey.Of(key), SavedJson.Default.SavedResource, static _ => true) is { } saved && saved.Key == key
            ? saved : null;

    /// <summary>Takes what was kept of a shell; null if nothing was.</summary>
    public SavedShell? TakeShell(ShellKey key) =>
        !HasNoPages && TakeShell(RecordKey.Of(key)) is { } saved && saved.Key == key ? saved : null;

    /// <summary>Takes a shell by the key of its record.</summary>
    public SavedShell? TakeShell(UInt128 key) =>
        Take(SavedKind.Shell, key, SavedJson.Default.SavedShell, IsValid) is { } saved && _isRoute(saved.Key.Route) ? saved : null;

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

    /// <summary>Returns whether what is said of a path can be used: nothing in it breaks a header field, and URLs are URLs.</summary>
    public static bool IsValid(SavedPath saved) => IsText(saved.Key.Authority) && IsText(saved.Key.Path) && Are(saved.Vary, IsText)
        && Are(saved.Variants, static v => IsValid(v.Needs)) && Are(saved.Shared, static s => IsValid(s.Needs));

    // What goes into header fields must fit there, and what is asked for must be a URL of a site.
    private static bool IsValid(SavedNeeds needs) => Are(needs.Resources, IsValid) && Are(needs.Skipped, static s => IsText(s.Url))
        && Are(needs.Traffic, static t => (t.Resource is null || IsValid(t.Resource)) && IsText(t.Target))
        && Are(needs.Preconnects, static p => IsText(p.Origin)) && Are(needs.Policies, IsText) && Are(needs.MetaPolicies, static _ => true);

    private static bool IsValid(CriticalResource resource) => resource.Url is { IsAbsoluteUri: true, Scheme: "http" or "https" } url
        && IsText(url.OriginalString) && IsText(resource.Media) && IsText(resource.Integrity) && IsText(resource.FetchPriority)
        && IsText(resource.ReferrerPolicy) && IsText(resource.Type) && IsText(resource.ImageSrcSet) && IsText(resource.ImageSizes);

    /// <summary>Returns whether what is said of a shell can be used.</summary>
    public static bool IsValid(SavedShell saved) => saved.Bytes.Length >= Shell.MinBytes
        && saved.Fields.All(static f => f is { Name: not null, Value: not null } && IsText(f.Name) && IsText(f.Value));

    // JSON may have null wherever a list has a value.
    private static bool Are<T>(IReadOnlyList<T>? list, Func<T, bool> isValid)
        where T : class => list?.All(one => one is not null && isValid(one)) != false;

    private static bool IsText(string? text) => text is null || (text.Length <= MaxText && !text.Any(char.IsControl));
}
