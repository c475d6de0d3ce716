using PushProxy.Client.Cached;
using Xunit;
using static PushProxy.Tests.Client.Cached.Cookies;

namespace PushProxy.Tests.Client.Cached;

public class CacheCookieTests
{
    private const int MaxBytes = 512;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Belongs_to_this_host_is_for_no_script_and_ends_with_its_last_entry()
    {
        var written = Write("", (ref set) => set.Add(Version(1), CoarseTime.Of(Now.AddMinutes(7), Now)));
        var text = Add("", [(Version(1), Now.AddMinutes(7))]);

        // 10:20:30 and seven minutes, less the thirty seconds that are no whole minute.
        Assert.Equal($"__Host-pushproxy={text}; Max-Age=390; Path=/; Secure; HttpOnly; SameSite=Lax", written);
    }

    [Fact]
    public void Is_written_only_when_it_changes()
    {
        var current = Of(20, Hour);
        Assert.Null(Write(current, (ref _) => { }));
        Assert.Null(Write(current, (ref set) => set.Add(Version(3), CoarseTime.Of(Now + Hour, Now))));
        Assert.NotNull(Write(current, (ref set) => set.Add(Version(30), CoarseTime.Of(Now + Hour, Now))));
    }

    [Fact]
    public void Is_not_written_again_for_what_has_no_room_in_it()
    {
        Change all = (ref set) =>
        {
            for (var i = 0; i < CachedSet.MaxEntries; i++)
            {
                set.Add(Version(i), CoarseTime.Of(Now.AddDays(1 + i), Now));
            }
        };
        var written = Write("", all)!;
        var current = written[(CacheCookie.Name.Length + 1)..written.IndexOf(';', StringComparison.Ordinal)];
        Assert.InRange(CacheCookie.Name.Length + 1 + current.Length, MaxBytes - 10, MaxBytes);
        Assert.Null(Write(current, all));
    }

    [Fact]
    public void One_that_can_not_be_read_is_replaced_or_taken_back()
    {
        Assert.StartsWith("__Host-pushproxy=A", Write("garbage", (ref set) => set.Add(Version(1), CoarseTime.Of(Now + Hour, Now))), StringComparison.Ordinal);
        Assert.Equal("__Host-pushproxy=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax", Write("garbage", (ref _) => { }));
    }

    [Fact]
    public void Two_clients_with_the_same_cache_have_the_same_cookie()
    {
        // Seconds apart, in another order, on another path to it.
        var one = Add("", Enumerable.Range(0, 30).Select(i => (Version(i), Now.AddDays(30))));
        var other = Add(Add("", [(Version(29), Now.AddSeconds(9).AddDays(30))], at: Now.AddSeconds(9)),
            Enumerable.Range(0, 29).Reverse().Select(i => (Version(i), Now.AddSeconds(70).AddDays(30))), at: Now.AddSeconds(70));
        Assert.Equal(one, other);
    }

    private delegate void Change(ref CachedSet set);

    private static string? Write(string current, Change change)
    {
        var set = CachedSetReader.Read(current, Now, stackalloc uint[CachedSet.Room], CachedSet.MaxEntries);
        change(ref set);
        return CacheCookie.Write(set, current, Now, MaxBytes);
    }
}
