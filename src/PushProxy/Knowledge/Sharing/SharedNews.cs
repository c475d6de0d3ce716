using System.Collections.Concurrent;
using System.Globalization;
using PushProxy.Knowledge.Saved;
using PushProxy.Knowledge.Shells;
using PushProxy.Model;

namespace PushProxy.Knowledge.Sharing;

/// <summary>
/// Notes what this instance has learned and others do not know yet. It is only noted on the request path; <see cref="Tell"/> writes it.
/// What finds no room is noted once more when it changes again.
/// </summary>
internal sealed class SharedNews
{
    /// <summary>What records begin with, before a colon.</summary>
    public const string Path = "p", Resource = "r", Shell = "s", Events = "e", Secret = "secret";

    /// <summary>How much of each kind may wait.</summary>
    private const int MaxChanged = 64 * 1024, MaxEvents = 4096, MaxPurged = 256;

    /// <summary>How much is written at once.</summary>
    private const int MaxAtOnce = 256, MaxEventsAtOnce = 64, MaxEventRecords = 4;

    /// <summary>How long an instance that is away for a while can learn what has happened at this one.</summary>
    private static readonly TimeSpan EventsLifetime = TimeSpan.FromMinutes(2);

    /// <summary>What is to be told, and whether it has changed here and not only by what others have told.</summary>
    private readonly ConcurrentDictionary<PageKey, bool> _paths = new();
    private readonly ConcurrentDictionary<string, bool> _resources = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ShellKey, bool> _shells = new();
    private readonly ConcurrentQueue<SeenPage> _seen = new();
    private readonly ConcurrentQueue<ulong> _issued = new();
    private readonly ConcurrentQueue<SavedJoin> _joins = new();
    private readonly ConcurrentDictionary<string, Told> _told = new(StringComparer.Ordinal);
    private readonly string _instance = Guid.NewGuid().ToString("N")[..12];

    private readonly ISharedRecords _records;
    private readonly PageStore _pages;
    private readonly ResourceRegistry _registry;
    private readonly ShellStore _shellStore;
    private readonly SharedPurges _purges;
    private readonly SharedViews _views;
    private readonly LearningOptions _options;
    private readonly TimeProvider _time;
    private readonly ShellOptions _shellOptions;
    private readonly SharedText _texts;
    private readonly ConcurrentQueue<SavedPurge> _purged = new();
    private volatile bool _mayBeTold;
    private long _events;

    [ThreadStatic]
    private static bool s_takesNone;

    public SharedNews(
        ISharedRecords records, PageStore pages, ResourceRegistry registry, ShellStore shells, ClientIdentities clients,
        SharedPurges purges, SharedViews views, SharedText texts, LearningOptions options, ShellOptions shellOptions, TimeProvider time)
    {
        (_records, _pages, _registry, _shellStore, _purges, _views) = (records, pages, registry, shells, purges, views);
        (_texts, _options, _shellOptions, _time) = (texts, options, shellOptions, time);
        pages.Changed += key => Note(_paths, key);
        pages.Counts.Seen += Seen;
        registry.Noted += state => Note(_resources, state.Key);
        shells.Changed += key => Note(_shells, key);
        clients.Issued += mark => Note(_issued, mark);
        clients.Joined += (mark, other) => Note(_joins, new SavedJoin(mark, other));
    }

    /// <summary>Called for each path that was learned here, before it is written.</summary>
    public event Action<PageKey>? Telling;

    /// <summary>Notes nothing on this thread until the result is disposed of: what comes from others need not be told to them.</summary>
    public static Silence TakeNone()
    {
        s_takesNone = true;
        return default;
    }

    /// <summary>Notes what others know, so that they are told what becomes of it, and not the same again.</summary>
    /// <param name="key">The key of the record.</param>
    /// <param name="essence">What they know (<see cref="Essence"/>).</param>
    public void Known(string key, ulong essence) => _told[key] = new(essence, _time.GetUtcNow());

    /// <summary>Notes that others do not know all of a path, whoever it came from.</summary>
    public void Changed(PageKey key) => _paths.TryAdd(key, false);

    /// <summary>All instances have the key that hashes are made with.</summary>
    public void MayBeTold() => _mayBeTold = true;

    /// <summary>Proposes a secret that all instances are to have.</summary>
    public void Propose(string name, byte[] value) =>
        _records.TryPut(new SharedRecord(name, value, TimeSpan.FromDays(365)) { KeepsFirst = true });

    /// <summary>Notes all that is known, if the others have lost it.</summary>
    public void CaughtUp(bool isNew)
    {
        if (!isNew)
        {
            return;
        }

        _told.Clear();
        foreach (var one in _purged)
        {
            _purges.Add(one);
        }

        foreach (var (key, _) in _pages.Paths)
        {
            _paths[key] = true;
        }

        foreach (var (key, _) in _shellStore.All)
        {
            _shells[key] = true;
        }
    }

    /// <summary>Writes what was noted. One thread at a time calls it.</summary>
    public void Tell()
    {
        if (!_records.IsConnected || !_mayBeTold)
        {
            return;
        }

        if (TellEvents() && TellAll(_paths, TellPath) && TellAll(_resources, TellResource))
        {
            TellAll(_shells, TellShell);
        }
    }

    private static bool TellAll<T>(ConcurrentDictionary<T, bool> changed, Func<T, bool, bool> tell)
        where T : notnull
    {
        foreach (var (one, isOwn) in changed.Take(MaxAtOnce))
        {
            changed.TryRemove(one, out _);
            if (!tell(one, isOwn))
            {
                changed[one] = isOwn;
                return false;
            }
        }

        return true;
    }

    private bool TellEvents()
    {
        for (var written = 0; written < MaxEventRecords && HasEvents; written++)
        {
            var events = new SavedEvents { Seen = Take(_seen), Issued = Take(_issued), Joins = Take(_joins) };
            events = events with { Purged = _purges.Take(), Views = _views.Take() };
            var key = string.Create(CultureInfo.InvariantCulture, $"{Events}:{_instance}:{++_events}");
            if (!_records.TryPut(new(key, _texts.Write(events, SavedJson.Default.SavedEvents), EventsLifetime)))
            {
                // What clients were sent is sent again. What was purged is not.
                foreach (var one in events.Purged)
                {
                    _purges.Add(one);
                }

                return false;
            }

            foreach (var one in events.Purged)
            {
                Remember(one);
            }
        }

        return true;
    }

    private bool HasEvents => !(_seen.IsEmpty && _issued.IsEmpty && _joins.IsEmpty) || _purges.Any || _views.Any;

    private bool TellPath(PageKey key, bool isOwn)
    {
        if (isOwn)
        {
            Telling?.Invoke(key);
        }

        var name = NameOf(Path, RecordKey.Of(key));
        if (_pages.Peek(key) is not { } path || KeptPath.Of(key, path, _registry) is not { } saved)
        {
            // It was purged, or is no page any more.
            return !_told.ContainsKey(name)
                || (_records.TryPut(new(name, ReadOnlyMemory<byte>.Empty, EventsLifetime)) && _told.TryRemove(name, out _));
        }

        // What a page names comes before the page.
        foreach (var resource in saved.Resources.Select(static r => ResourceState.KeyOf(r.Url)).Distinct(StringComparer.Ordinal))
        {
            if (!_told.ContainsKey(NameOf(Resource, RecordKey.Of(resource))) && !PutResource(resource))
            {
                return false;
            }
        }

        return Put(name, Essence.Of(saved), () => _texts.Write(saved with { Totals = default }, SavedJson.Default.SavedPath));
    }

    // Only what a page names that all may know.
    private bool TellResource(string key, bool isOwn) =>
        !_told.ContainsKey(NameOf(Resource, RecordKey.Of(key))) || PutResource(key);

    private bool PutResource(string key)
    {
        if (_registry.Find(key)?.Save(_options) is not { } saved)
        {
            return true;
        }

        saved = saved with { SavedBytes = 0, WastedBytes = 0 };
        return Put(
            NameOf(Resource, RecordKey.Of(key)), Essence.Of(saved), () => _texts.Write(saved, SavedJson.Default.SavedResource));
    }

    private bool TellShell(ShellKey key, bool isOwn) => _shellStore.Save(key) is not { } saved || Put(
        NameOf(Shell, RecordKey.Of(key)), Essence.Of(saved, _shellOptions.After),
        () => _texts.Write(saved with { Counts = default }, SavedJson.Default.SavedShell));

    // What is the same but for its times and averages is written now and then, so that it does not expire.
    private bool Put(string name, ulong essence, Func<byte[]> write)
    {
        var now = _time.GetUtcNow();
        if (_told.TryGetValue(name, out var told) && told.Essence == essence && now - told.At < _options.Expiry / 4)
        {
            return true;
        }

        if (!_records.TryPut(new(name, write(), _options.Expiry)))
        {
            return false;
        }

        _told[name] = new(essence, now);
        return true;
    }

    private void Seen(PageDescription description, LearnedPage page)
    {
        var isEveryones = description.Audience == Audience.Everyone;
        if (isEveryones ? !page.IsEverybodys : !description.Client.Marks.IsDefaultOrEmpty)
        {
            Note(_seen, new SeenPage(
                RecordKey.Of(description.Key), description.VariantKey, description.Audience, description.Connection,
                description.Address.Host,
                isEveryones ? [] : description.Client.Marks, isEveryones ? page.CountedNames : SharedNeeds.Seen(page)));
        }
    }

    private void Remember(SavedPurge purged)
    {
        _purged.Enqueue(purged);
        if (_purged.Count > MaxPurged)
        {
            _purged.TryDequeue(out _);
        }
    }

    private static void Note<T>(ConcurrentDictionary<T, bool> changed, T one)
        where T : notnull
    {
        if (!s_takesNone && !changed.ContainsKey(one) && changed.Count < MaxChanged)
        {
            changed[one] = true;
        }
    }

    private static void Note<T>(ConcurrentQueue<T> events, T one)
    {
        if (!s_takesNone && events.Count < MaxEvents)
        {
            events.Enqueue(one);
        }
    }

    private static List<T> Take<T>(ConcurrentQueue<T> events)
    {
        var taken = new List<T>();
        while (taken.Count < MaxEventsAtOnce && events.TryDequeue(out var one))
        {
            taken.Add(one);
        }

        return taken;
    }

    private static string NameOf(string kind, UInt128 record) => string.Create(CultureInfo.InvariantCulture, $"{kind}:{record:x32}");

    /// <summary>Ends when it is disposed of (<see cref="TakeNone"/>).</summary>
    public readonly struct Silence : IDisposable
    {
        public void Dispose() => s_takesNone = false;
    }

    private readonly record struct Told(ulong Essence, DateTimeOffset At);
}
