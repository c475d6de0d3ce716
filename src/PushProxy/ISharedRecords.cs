namespace PushProxy;

/// <summary>
/// What several instances of a proxy tell each other: small records, each under a key. Who puts a record replaces the one with the same
/// key. An implementation keeps them in a place that all instances reach. Nothing here waits for that place and nothing throws because of
/// it: as long as it is gone, an instance is alone.
/// </summary>
public interface ISharedRecords
{
    /// <summary>Whether the shared place is reached now.</summary>
    bool IsConnected { get; }

    /// <summary>How many records wait to be put. It has an upper bound.</summary>
    int Waiting { get; }

    /// <summary>Begins to exchange records. Called once.</summary>
    /// <param name="receiver">Is told what the other instances have put.</param>
    void Start(ISharedRecordReceiver receiver);

    /// <summary>Puts a record, soon and after those before it. It returns at once.</summary>
    /// <param name="record">The record.</param>
    /// <returns>False if the record cannot be kept until then, because too many wait. It may be put again later.</returns>
    bool TryPut(SharedRecord record);
}

/// <summary>Is told what other instances have put. No two methods of it are called at the same time.</summary>
public interface ISharedRecordReceiver
{
    /// <summary>
    /// Takes a record that another instance has put, or that was there when this one came. It may come more than once. Nothing says that
    /// the record is valid.
    /// </summary>
    /// <param name="record">The record. Its lifetime may be less than it was put with.</param>
    void Receive(SharedRecord record);

    /// <summary>
    /// All records that the shared place has were received. It is called each time that this instance has reached it.
    /// </summary>
    /// <param name="isNew">
    /// Whether the place does not have what was put before: it is another one, or it was emptied. Then what is to be shared is put again.
    /// </param>
    void CaughtUp(bool isNew);
}

/// <summary>A small record that instances share.</summary>
/// <param name="Key">What it is about: at most 128 printable characters of ASCII.</param>
/// <param name="Value">What it says: at most 1 MiB.</param>
/// <param name="Lifetime">How long it is kept after it was put.</param>
public sealed record SharedRecord(string Key, ReadOnlyMemory<byte> Value, TimeSpan Lifetime)
{
    /// <summary>
    /// Whether a record that is already there stays. Whoever put this one receives the one that is there, be it this one or another. So all
    /// instances agree on a secret.
    /// </summary>
    public bool KeepsFirst { get; init; }
}
