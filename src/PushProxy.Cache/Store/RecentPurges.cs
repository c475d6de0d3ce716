namespace PushProxy.Cache.Store;

/// <summary>
/// Remembers what was removed lately, so that a response that was asked for before is not stored after it. Adding and asking are done under
/// one lock of the store's.
/// </summary>
internal sealed class RecentPurges
{
    /// <summary>How many are remembered. Of a response that took longer than these, nobody knows, and it is not stored.</summary>
    private const int Room = 256;

    private readonly (string Text, bool IsPrefix)[] _last = new (string, bool)[Room];
    private long _count;

    /// <summary>How many there were.</summary>
    public long Count => Volatile.Read(ref _count);

    public void Add(string text, bool isPrefix)
    {
        _last[_count % Room] = (text, isPrefix);
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Returns whether a key was removed since there were so many.</summary>
    public bool HaveHit(string key, long since)
    {
        if (_count - since > Room)
        {
            return true;
        }

        for (var i = since; i < _count; i++)
        {
            var (text, isPrefix) = _last[i % Room];
            if (isPrefix ? key.StartsWith(text, StringComparison.Ordinal) : key == text)
            {
                return true;
            }
        }

        return false;
    }
}
