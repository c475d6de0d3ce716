using PushProxy.Client.Cached;
using PushProxy.Model;

namespace PushProxy.Tests.Client.Cached;

/// <summary>Sets as texts, so that a test can keep them.</summary>
internal static class Cookies
{
    public static readonly DateTimeOffset Now = new(2026, 5, 4, 10, 20, 30, TimeSpan.Zero);

    public static ResourceVersion Version(int number) => ResourceVersion.OfTag(ResourceKey.Of("site.test/" + number), "\"1\"");

    /// <summary>A cookie's text with room for all.</summary>
    public static string Add(string text, IEnumerable<(ResourceVersion Version, DateTimeOffset Until)> entries, int limit = CachedSet.MaxEntries, DateTimeOffset? at = null)
    {
        var now = at ?? Now;
        var set = CachedSetReader.Read(text, now, stackalloc uint[CachedSet.Room], limit);
        foreach (var (version, until) in entries)
        {
            set.Add(version, CoarseTime.Of(until, now));
        }

        return Write(set);
    }

    public static string Of(int count, TimeSpan lifetime) => Add("", Enumerable.Range(0, count).Select(i => (Version(i), Now + lifetime)));

    /// <summary>Which of these versions the text says the client has.</summary>
    public static List<ResourceVersion> Have(string text, IEnumerable<ResourceVersion> versions, DateTimeOffset? at = null)
    {
        var set = Read(text, stackalloc uint[CachedSet.Room], at);
        var have = new List<ResourceVersion>();
        foreach (var version in versions)
        {
            if (set.Contains(version))
            {
                have.Add(version);
            }
        }

        return have;
    }

    public static int Count(string text, DateTimeOffset? at = null) => Read(text, stackalloc uint[CachedSet.Room], at).Count;

    public static bool IsReadable(string text) => !Read(text, stackalloc uint[CachedSet.Room], null).HasChanged;

    public static string Write(in CachedSet set, int length = CachedSetFormat.MaxTextLength)
    {
        Span<char> text = new char[length];
        return text[..CachedSetWriter.Write(set, text)].ToString();
    }

    private static CachedSet Read(string text, Span<uint> room, DateTimeOffset? at) => CachedSetReader.Read(text, at ?? Now, room, CachedSet.MaxEntries);
}
