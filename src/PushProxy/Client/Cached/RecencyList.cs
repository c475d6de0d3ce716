using PushProxy.Model;

namespace PushProxy.Client.Cached;

/// <summary>
/// A dictionary with a maximum number of values. When it is full, the value untouched for the longest time is removed. It takes memory only
/// as it fills. Not thread-safe.
/// </summary>
internal sealed class RecencyList<T>(int capacity)
    where T : struct
{
    private const int None = -1;

    private readonly Dictionary<ResourceKey, int> _places = [];
    private T[] _values = [];
    private Links[] _links = [];
    private int _newest = None;
    private int _oldest = None;
    private T _absent;

    public int Count { get; private set; }

    /// <summary>All values, in no particular order.</summary>
    public ReadOnlySpan<T> Values => _values.AsSpan(0, Count);

    /// <summary>Returns the value of a key and makes it the last one to be removed. The reference is valid until the next call.</summary>
    /// <param name="key">The key.</param>
    /// <param name="add">
    /// Whether to add a missing key. If false and the key is missing, the default value is returned, and writing to it has no effect.
    /// </param>
    public ref T Touch(ResourceKey key, bool add)
    {
        if (_places.TryGetValue(key, out var place))
        {
            Unlink(place);
        }
        else if (add)
        {
            place = TakePlace(key);
        }
        else
        {
            _absent = default;
            return ref _absent;
        }

        _links[place] = new Links { Key = key, Newer = None, Older = _newest };
        (_newest == None ? ref _oldest : ref _links[_newest].Newer) = place;
        _newest = place;
        return ref _values[place];
    }

    private int TakePlace(ResourceKey key)
    {
        int place;
        if (Count < capacity)
        {
            place = Count++;
            if (place == _values.Length)
            {
                var size = Math.Min(capacity, Math.Max(8, place * 2));
                Array.Resize(ref _values, size);
                Array.Resize(ref _links, size);
            }
        }
        else
        {
            place = _oldest;
            _places.Remove(_links[place].Key);
            Unlink(place);
            _values[place] = default;
        }

        _places.Add(key, place);
        return place;
    }

    private void Unlink(int place)
    {
        var (newer, older) = (_links[place].Newer, _links[place].Older);
        (newer == None ? ref _newest : ref _links[newer].Older) = older;
        (older == None ? ref _oldest : ref _links[older].Newer) = newer;
    }

    private struct Links
    {
        public ResourceKey Key;
        public int Newer;
        public int Older;
    }
}
