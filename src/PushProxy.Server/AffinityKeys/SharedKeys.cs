using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using PushProxy.Knowledge.Sharing;

namespace PushProxy.Server.AffinityKeys;

/// <summary>
/// The keys of session affinity that this instance has made, which are kept in a folder, and those of the other instances, which are kept
/// in memory alone. They come and go as shared records, so nobody who reads keys waits for Redis. All threads may use it.
/// </summary>
/// <param name="folder">The keys of this instance.</param>
/// <param name="records">The way to the others.</param>
/// <param name="time">Now.</param>
/// <param name="logger">Is told that the folder can't be used.</param>
internal sealed partial class SharedKeys(IXmlRepository folder, ISharedRecords records, TimeProvider time, ILogger<SharedKeys> logger)
    : IXmlRepository, ISharedPart
{
    /// <summary>How many keys of others are kept. Those that expire first make room.</summary>
    public const int MaxOthers = 256;

    /// <summary>How long a key is read after it was replaced by another. No cookie of a visit is that old.</summary>
    private static readonly TimeSpan AfterExpiry = TimeSpan.FromDays(90);

    /// <summary>A key that expires later than .NET lets one expire was not made by it, or by a clock that is wrong.</summary>
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(366);

    /// <summary>How often what others know is told again: Redis may have made room for something else.</summary>
    private static readonly TimeSpan TellEvery = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, KeyXml> _others = [];
    private readonly Dictionary<Guid, DateTimeOffset> _told = [];

    /// <summary>Keys that the folder did not take.</summary>
    private readonly List<XElement> _homeless = [];
    private bool _hasWarned;

    /// <summary>A key of another instance has come. Called on the thread that reads records, so it must be short.</summary>
    public event Action? Came;

    /// <inheritdoc/>
    public string Kind => "k";

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var own = Own();
        var ids = own.Select(IdOf).ToHashSet();
        lock (_lock)
        {
            // A key may come as a file, too, if instances share the folder. Whoever reads XML may change it.
            return [.. own, .. _others.Values.Where(o => !ids.Contains(o.Id)).Select(static o => new XElement(o.Element))];
        }
    }

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName)
    {
        try
        {
            folder.StoreElement(element, friendlyName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The others still get it. It is lost with this instance, if they are lost, too.
            Warn(e);
            lock (_lock)
            {
                _homeless.Add(new XElement(element));
            }
        }

        Tell();
    }

    /// <inheritdoc/>
    public bool Take(SharedRecord record)
    {
        if (KeyXml.Read(record.Value.Span, out var isNewer) is not { } key)
        {
            return isNewer;
        }

        if (record.Key != NameOf(key) || key.Expires > time.GetUtcNow() + MaxLifetime)
        {
            return false;
        }

        lock (_lock)
        {
            if (!IsUsed(key))
            {
                return true;
            }

            // The others know it, whoever made it.
            if (_told.Count < 4 * MaxOthers)
            {
                _told[key.Id] = time.GetUtcNow();
            }

            if (!_others.TryAdd(key.Id, key))
            {
                return true;
            }

            if (_others.Count > MaxOthers)
            {
                _others.Remove(_others.Values.MinBy(static o => o.Expires)!.Id);
            }
        }

        Came?.Invoke();
        return true;
    }

    /// <inheritdoc/>
    public void CaughtUp(bool isNew)
    {
        if (isNew)
        {
            lock (_lock)
            {
                _told.Clear();
            }
        }

        Tell();
    }

    /// <summary>Tells the others all keys that they were not told for a while. What finds no room is told the next time.</summary>
    public void Tell()
    {
        List<KeyXml> own;
        try
        {
            own = [.. Own().Select(KeyXml.Read).OfType<KeyXml>()];
        }
        catch (XmlException)
        {
            // A file is damaged. .NET says so itself, and uses no key.
            return;
        }

        lock (_lock)
        {
            foreach (var id in _others.Values.Where(o => !IsUsed(o)).Select(static o => o.Id).ToList())
            {
                _others.Remove(id);
            }

            var now = time.GetUtcNow();
            foreach (var (id, _) in _told.Where(t => t.Value <= now - TellEvery).ToList())
            {
                _told.Remove(id);
            }

            foreach (var key in own.Concat(_others.Values).Where(k => IsUsed(k) && !_told.ContainsKey(k.Id)))
            {
                if (!records.TryPut(new(NameOf(key), key.Write(), key.Expires + AfterExpiry - now)))
                {
                    return;
                }

                _told[key.Id] = now;
            }
        }
    }

    private static Guid? IdOf(XElement element) => KeyXml.Read(element)?.Id;

    private string NameOf(KeyXml key) => $"{Kind}:{key.Id:N}";

    private bool IsUsed(KeyXml key) => key.Expires + AfterExpiry > time.GetUtcNow();

    private List<XElement> Own()
    {
        IReadOnlyCollection<XElement> kept = [];
        try
        {
            kept = folder.GetAllElements();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Warn(e);
        }

        lock (_lock)
        {
            return [.. kept, .. _homeless.Select(static h => new XElement(h))];
        }
    }

    private void Warn(Exception e)
    {
        if (!_hasWarned)
        {
            _hasWarned = true;
            LogNoFolder(e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The keys of session affinity can't be kept: {Reason} After a restart, clients lose their server unless others have the keys")]
    private partial void LogNoFolder(string reason);
}
