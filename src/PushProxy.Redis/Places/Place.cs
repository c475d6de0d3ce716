using System.Globalization;
using StackExchange.Redis;

namespace PushProxy.Redis.Places;

/// <summary>
/// What is where in Redis: the value of each record under its own key; an index of all keys by version; when each ends; a counter, from
/// which each put takes a version; and an identity. Who empties Redis takes the identity along, so all instances notice. Everything has a
/// lifetime.
/// </summary>
internal sealed class Place
{
    /// <summary>How many entries of the index are read at once.</summary>
    public const int BatchSize = 256;

    /// <summary>How many bytes of values are read at once, but for a single one that is larger.</summary>
    private const int BatchBytes = 1024 * 1024;

    /// <summary>How long the index stays after the last put, unless a record stays longer.</summary>
    private static readonly TimeSpan LeastLifetime = TimeSpan.FromDays(7);

    private readonly RedisKey _version, _id, _index, _ends;
    private readonly string _values, _channel;
    private readonly int _maxRecords;

    /// <param name="prefix">What all keys begin with.</param>
    /// <param name="channelPrefix">What the connection string says that channels begin with, before <paramref name="prefix"/>.</param>
    /// <param name="maxRecords">The most members of the index.</param>
    public Place(string prefix, string channelPrefix, int maxRecords)
    {
        (_version, _id, _index, _ends) = (prefix + "version", prefix + "id", prefix + "index", prefix + "ends");
        _values = prefix + "v:";
        _channel = channelPrefix + prefix + "news";
        Channel = RedisChannel.Literal(prefix + "news");
        _maxRecords = maxRecords;
    }

    /// <summary>Tells this instance from the others.</summary>
    public string Instance { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Where each put is announced. The client library puts its own prefix before it.</summary>
    public RedisChannel Channel { get; }

    /// <summary>Whether this instance made the identity.</summary>
    /// <param name="identity">An identity of the place.</param>
    public bool IsOwn(string identity) => identity.StartsWith(Instance, StringComparison.Ordinal);

    /// <summary>Puts a record.</summary>
    public async Task<PutResult> PutAsync(IDatabase database, SharedRecord record)
    {
        var answer = (RedisResult[])(await database.ScriptEvaluateAsync(
            Scripts.PutText,
            [_version, _id, _index, _ends, _values + record.Key],
            [
                record.Value, Milliseconds(record.Lifetime), record.KeepsFirst, record.Key, _values, _maxRecords, NewIdentity(), Instance,
                _channel, Milliseconds(LeastLifetime),
            ]))!;
        return (long)answer[0] == 1
            ? new((string)answer[1]!, (long)answer[2], null)
            : new((string)answer[1]!, 0, record with { Value = (byte[])answer[2]!, Lifetime = Left((long)answer[3]), KeepsFirst = false });
    }

    /// <summary>Reads the identity, which is null if there is none, and the version of what was put last.</summary>
    public async Task<(string? Identity, long Version)> HeadAsync(IDatabase database)
    {
        // One by one, because a key of another type is an error then, and not a place without identity.
        var id = database.StringGetAsync(_id);
        var version = database.StringGetAsync(_version);
        var text = await version;
        return (await id, text.IsNull ? 0 : Number(text));
    }

    /// <summary>Gives the place an identity, unless another instance is quicker.</summary>
    /// <returns>Its identity.</returns>
    public async Task<string> NameAsync(IDatabase database)
    {
        var own = NewIdentity();
        if (await database.StringSetAsync(_id, own, LeastLifetime, When.NotExists))
        {
            return own;
        }

        // It was emptied between two commands, or the other's time was over.
        return (string?)await database.StringGetAsync(_id) ?? throw new InvalidDataException("its identity does not stay");
    }

    /// <summary>Reads the next <see cref="BatchSize"/> entries of the index after a version.</summary>
    public async Task<IReadOnlyList<(string Key, long Version)>> IndexAsync(IDatabase database, long after)
    {
        var entries = await database.SortedSetRangeByScoreWithScoresAsync(
            _index, after, double.PositiveInfinity, Exclude.Start, take: BatchSize);
        return [.. entries.Select(static e => ((string)e.Element!, (long)e.Score))];
    }

    /// <summary>Reads records, as many at once as are not too many bytes.</summary>
    /// <returns>How many of the keys were looked at, and the records that are there.</returns>
    public async Task<(int Looked, IReadOnlyList<FoundRecord> Found)> ReadAsync(IDatabase database, IReadOnlyList<string> keys)
    {
        var answer = (RedisResult[])(await database.ScriptEvaluateAsync(
            Scripts.Read,
            [_index, .. keys.Select(k => (RedisKey)(_values + k))],
            [BatchBytes, .. keys.Select(static k => (RedisValue)k)]))!;
        return ((int)answer[0], [.. ((RedisResult[])answer[1]!).Select(one => Found(keys, (RedisResult[])one!))]);
    }

    private static FoundRecord Found(IReadOnlyList<string> keys, RedisResult[] one) =>
        new(new(keys[(int)one[0]], (byte[])one[1]!, Left((long)one[2])), (long)(double)one[3]);

    // What somebody else has written may have no end.
    private static TimeSpan Left(long milliseconds) =>
        milliseconds < 0 ? LeastLifetime : TimeSpan.FromMilliseconds(Math.Max(1, milliseconds));

    private static long Milliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);

    private static long Number(RedisValue text) =>
        long.TryParse((string?)text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new InvalidDataException("its counter is not a number");

    private string NewIdentity() => $"{Instance}.{Guid.NewGuid():N}";
}

/// <summary>What became of a put.</summary>
/// <param name="Identity">The identity of the place; empty if it has none.</param>
/// <param name="Version">The version of the record; 0 if another one stays.</param>
/// <param name="First">The record that stays.</param>
internal sealed record PutResult(string Identity, long Version, SharedRecord? First);

/// <summary>A record that was read.</summary>
/// <param name="Record">The record.</param>
/// <param name="Version">Its version; 0 if the index does not have it.</param>
internal sealed record FoundRecord(SharedRecord Record, long Version);
