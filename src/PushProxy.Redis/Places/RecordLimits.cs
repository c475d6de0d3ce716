namespace PushProxy.Redis.Places;

/// <summary>What <see cref="SharedRecord"/> promises of a record.</summary>
internal static class RecordLimits
{
    private const int MaxKey = 128, MaxValue = 1024 * 1024;

    public static bool IsKey(string key) => key.Length is > 0 and <= MaxKey && !key.AsSpan().ContainsAnyExceptInRange(' ', '~');

    /// <exception cref="ArgumentException">The record breaks a promise.</exception>
    public static void Check(SharedRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Key is null || !IsKey(record.Key))
        {
            throw new ArgumentException($"A key has 1 to {MaxKey} printable characters of ASCII.", nameof(record));
        }

        if (record.Value.Length > MaxValue)
        {
            throw new ArgumentException($"A value has at most {MaxValue} bytes.", nameof(record));
        }

        if (record.Lifetime <= TimeSpan.Zero)
        {
            throw new ArgumentException("A lifetime is longer than nothing.", nameof(record));
        }
    }
}
