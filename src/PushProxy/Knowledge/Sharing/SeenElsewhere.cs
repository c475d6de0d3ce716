using Microsoft.Extensions.Caching.Memory;
using PushProxy.Knowledge.Saved;

namespace PushProxy.Knowledge.Sharing;

/// <summary>
/// What clients were sent at other instances of pages that are not known here yet. If a page becomes known, it counts. Hashes alone, with a
/// limit in number and time.
/// </summary>
internal sealed class SeenElsewhere : IDisposable
{
    private const int MaxPaths = 4096;

    /// <summary>How many clients of one path are remembered. No option asks for more.</summary>
    private const int MaxClients = 16;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly MemoryCache _paths = new(new MemoryCacheOptions { SizeLimit = MaxPaths });

    public void Add(SeenPage seen)
    {
        var known = Of(seen.Path);
        if (known.Count < MaxClients)
        {
            _paths.Set<IReadOnlyList<SeenPage>>(
                seen.Path, [.. known, seen], new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Lifetime });
        }
    }

    public IReadOnlyList<SeenPage> Of(UInt128 path) => _paths.TryGetValue(path, out IReadOnlyList<SeenPage>? seen) ? seen! : [];

    public void Dispose() => _paths.Dispose();
}
