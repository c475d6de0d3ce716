using FsCheck;
using FsCheck.Xunit;
using PushProxy.Client.Cached;
using PushProxy.Model;
using Xunit;
using static PushProxy.Tests.Client.Cached.Cookies;

namespace PushProxy.Tests.Client.Cached;

public class CachedSetTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>The first law: never no to what was added and is fresh. The second: never yes to what has expired, unless its hash is another's.</summary>
    [Property(MaxTest = 500)]
    public void Has_what_was_added_until_it_expires(DoNotSize<int> seed, NonNegativeInt later)
    {
        var random = new Random(seed.Item);
        var entries = Entries(random, random.Next(CachedSet.MaxEntries + 1), maxDays: 400);
        var text = Add("", entries);
        var at = Now.AddSeconds(later.Get % 7 == 0 ? 0 : random.NextInt64(400 * 86_400));

        var fresh = entries.Where(e => CoarseTime.Of(e.Until, Now).IsAfter(at)).Select(e => e.Version).ToList();
        Assert.Equal(fresh, Have(text, fresh, at));
        Assert.All(fresh, v => Assert.True(entries.Single(e => e.Version == v).Until > at));
        Assert.Equal(fresh.Select(Hash).Distinct().Count(), Count(text, at));
    }

    [Property(MaxTest = 300)]
    public void The_same_entries_give_the_same_text_in_whatever_order_they_came(DoNotSize<int> seed, PositiveInt limit)
    {
        var random = new Random(seed.Item);
        var entries = Entries(random, 200, maxDays: 30);
        var max = Math.Min(limit.Get, CachedSet.MaxEntries);
        var text = Add("", entries, max);
        random.Shuffle(entries);
        Assert.Equal(text, Add("", entries, max));

        // And in parts, each read back from the text before.
        Assert.Equal(text, Add(Add("", entries[..50], max), entries[50..], max));
        Assert.Equal(text, Add(text, entries, max));
    }

    [Property(MaxTest = 300)]
    public void What_was_read_is_written_as_it_was(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var text = Add("", Entries(random, random.Next(1, CachedSet.MaxEntries + 1), maxDays: 400));
        var set = CachedSetReader.Read(text, Now, stackalloc uint[CachedSet.Room], CachedSet.MaxEntries);
        Assert.False(set.HasChanged);
        Assert.Equal(text, Write(set));
    }

    [Property(MaxTest = 300)]
    public void New_entries_join_old_ones_whose_urls_nobody_knows(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var old = Entries(random, random.Next(100), maxDays: 30);
        var added = Entries(random, random.Next(100), maxDays: 30);
        var at = Now.AddMinutes(random.Next(1000));
        var text = Add(Add("", old), added.Select(e => (e.Version, e.Until.AddMinutes(2000))), at: at);
        var expected = old.Where(e => CoarseTime.Of(e.Until, Now).IsAfter(at)).Concat(added).Select(e => e.Version).ToList();
        Assert.Equal(expected, Have(text, expected, at));
    }

    [Fact]
    public void Another_version_is_not_had()
    {
        var key = ResourceKey.Of("site.test/a.css");
        var text = Add("", [(ResourceVersion.OfTag(key, "\"1\""), Now + Hour)]);
        Assert.Empty(Have(text, [ResourceVersion.OfTag(key, "\"2\"")]));
        Assert.Single(Have(text, [ResourceVersion.OfTag(key, "\"1\"")]));
    }

    [Fact]
    public void Changes_only_with_what_the_client_got()
    {
        var set = CachedSetReader.Read(Of(2, Hour), Now, stackalloc uint[CachedSet.Room], CachedSet.MaxEntries);
        set.Add(Version(0), CoarseTime.Of(Now + Hour, Now));
        set.Add(Version(1), CoarseTime.Of(Now + (Hour / 2), Now));
        set.Add(Version(2), CoarseTime.Of(Now, Now));
        set.Remove(Version(3));
        Assert.False(set.HasChanged);

        set.Add(Version(0), CoarseTime.Of(Now + (Hour * 2), Now));
        Assert.True(set.HasChanged);
        Assert.Equal(2, set.Count);
        Assert.Equal([Version(0)], Have(Write(set), [Version(0), Version(1)], Now + Hour));
    }

    [Fact]
    public void Expiry_alone_is_no_change()
    {
        var text = Add(Of(2, Hour), [(Version(2), Now + (Hour * 3))]);
        var set = CachedSetReader.Read(text, Now + (Hour * 2), stackalloc uint[CachedSet.Room], CachedSet.MaxEntries);
        Assert.Equal(1, set.Count);
        Assert.False(set.HasChanged);
    }

    [Fact]
    public void What_the_client_turned_out_not_to_have_is_taken_out()
    {
        var set = CachedSetReader.Read(Of(3, Hour), Now, stackalloc uint[CachedSet.Room], CachedSet.MaxEntries);
        set.Remove(Version(0));
        Assert.True(set.HasChanged);
        Assert.Equal([Version(1), Version(2)], Have(Write(set), [Version(0), Version(1), Version(2)]));
        set.Remove(Version(1));
        set.Remove(Version(2));
        Assert.Equal("", Write(set));
    }

    [Fact]
    public void Those_that_expire_soonest_make_room()
    {
        var entries = Enumerable.Range(1, 100).Select(i => (Version(i), Now + (Hour * 24 * i))).ToArray();
        var text = Add("", entries, limit: 40);
        Assert.Equal(InOrder(entries)[60..].Select(e => e.Version.Value).Order(), Have(text, entries.Select(e => e.Item1)).Select(v => v.Value).Order());

        // A smaller limit than the cookie was written with.
        var set = CachedSetReader.Read(text, Now, stackalloc uint[CachedSet.Room], 10);
        Assert.Equal(10, set.Count);
        Assert.True(set.Contains(Version(100)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(495)]
    public void Those_that_expire_soonest_are_left_out_where_the_text_would_be_too_long(int length)
    {
        var entries = InOrder(Entries(new Random(1), 300, maxDays: 300).DistinctBy(e => Hash(e.Version)));
        var set = new CachedSet(stackalloc uint[CachedSet.Room], CachedSet.MaxEntries);
        foreach (var (version, until) in entries)
        {
            set.Add(version, CoarseTime.Of(until, Now));
        }

        var text = Write(set, length);
        Assert.InRange(text.Length, 0, length);
        var kept = Count(text);
        Assert.InRange(kept, (length * 6 / 40) - 5, (length * 6 / 11) + 1);
        Assert.Equal(entries[^kept..].Select(e => e.Version), Have(text, entries.Select(e => e.Version)));
    }

    private static (ResourceVersion Version, DateTimeOffset Until)[] InOrder(IEnumerable<(ResourceVersion Version, DateTimeOffset Until)> entries) =>
        [.. entries.OrderBy(e => CoarseTime.Of(e.Until, Now).Minutes).ThenBy(e => Hash(e.Version))];

    private static ushort Hash(ResourceVersion version) => (ushort)(version.Value >> 48);

    private static (ResourceVersion Version, DateTimeOffset Until)[] Entries(Random random, int count, int maxDays)
    {
        var entries = new (ResourceVersion, DateTimeOffset)[count];
        for (var i = 0; i < count; i++)
        {
            // From a minute to the most, each order of magnitude as likely as any other; one in three expires with the first.
            var minutes = Math.Pow(maxDays * 1440.0, random.NextDouble());
            entries[i] = (new ResourceVersion((ulong)random.NextInt64() << 1), i > 0 && random.Next(3) == 0 ? entries[0].Item2 : Now.AddMinutes(1 + minutes));
        }

        return entries;
    }
}
