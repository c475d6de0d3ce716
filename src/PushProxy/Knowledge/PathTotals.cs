using PushProxy.Knowledge.Saved;

namespace PushProxy.Knowledge;

/// <summary>What delivery with the pages at one path came to. Safe for use by several requests at once.</summary>
internal sealed class PathTotals
{
    private long _savedBytes;
    private long _wastedBytes;
    private long _wrongNames;

    /// <summary>The bytes that were not delivered because the clients already had them.</summary>
    public long SavedBytes => Volatile.Read(ref _savedBytes);

    /// <summary>The bytes that were pushed for nothing, because the clients reset the pushes.</summary>
    public long WastedBytes => Volatile.Read(ref _wastedBytes);

    /// <summary>
    /// How many resources clients were told in advance that their pages then did not name, as far as the pages were read.
    /// </summary>
    public long WrongNames => Volatile.Read(ref _wrongNames);

    /// <summary>The totals, to be kept, or as they were kept.</summary>
    public SavedTotals Kept
    {
        get => new(SavedBytes, WastedBytes, WrongNames);
        set => (_savedBytes, _wastedBytes, _wrongNames) = (value.Saved, value.Wasted, value.Wrong);
    }

    public void Saved(long bytes) => Interlocked.Add(ref _savedBytes, bytes);

    public void Wasted(long bytes) => Interlocked.Add(ref _wastedBytes, bytes);

    public void Wrong(int names) => Interlocked.Add(ref _wrongNames, names);
}
