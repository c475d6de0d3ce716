namespace PushProxy.Knowledge.Sharing;

/// <summary>
/// Takes records of a kind that is not knowledge of sites. They come by the same way, on the same thread, and share its limits.
/// </summary>
internal interface ISharedPart
{
    /// <summary>What the keys of its records begin with, before a colon.</summary>
    string Kind { get; }

    /// <summary>Takes a record of this kind.</summary>
    /// <returns>Whether it was valid, or is of a newer version. If not, it is left alone, and a warning says so once.</returns>
    bool Take(SharedRecord record);

    /// <inheritdoc cref="ISharedRecordReceiver.CaughtUp"/>
    void CaughtUp(bool isNew);
}
