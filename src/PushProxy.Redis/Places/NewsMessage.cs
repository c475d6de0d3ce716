using System.Globalization;
using StackExchange.Redis;

namespace PushProxy.Redis.Places;

/// <summary>What the channel says of a put: who has put which record, and where.</summary>
/// <param name="Instance">Who has put it.</param>
/// <param name="Version">The version of the record.</param>
/// <param name="Identity">The identity of the place.</param>
/// <param name="Key">The record.</param>
internal sealed record NewsMessage(string Instance, long Version, string Identity, string Key)
{
    /// <summary>Reads a message. Anybody can write to a channel.</summary>
    /// <returns>Null if it is none of ours.</returns>
    public static NewsMessage? Read(RedisValue message)
    {
        // A key may have spaces.
        var parts = ((string?)message ?? "").Split(' ', 4);
        return parts.Length == 4 && RecordLimits.IsKey(parts[3])
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new(parts[0], version, parts[2], parts[3]) : null;
    }
}
