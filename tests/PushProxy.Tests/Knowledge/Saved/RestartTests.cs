using Microsoft.AspNetCore.Http;
using PushProxy.Cache;
using PushProxy.Knowledge;
using PushProxy.Knowledge.Shells;
using PushProxy.Model;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Knowledge.Saved;

/// <summary>What one process has learned, the next one knows; and what nobody may be told is not even in the file.</summary>
public sealed class RestartTests : RestartCase
{
    [Fact]
    public async Task What_a_page_needs_is_known_to_the_first_request_after_a_restart()
    {
        var version = new ResourceVersionState(new ResourceVersion(7), TimeSpan.FromMinutes(5), default);
        using (var before = Start())
        {
            before.Receive("/a", Some.Page(Some.Style("/a.css"), Some.Script("/a.js")));
            before.Registry.Answered(before.Resource("/a.css"), new AnswerFacts { Type = "text/css", CanBeKept = true, Size = 12_345, CameWithoutCredentials = true });
            before.Registry.Observe(before.Resource("/a.css"), version, namesOthers: true);
            before.Registry.Passed(before.Resource("/a.css"), version.Version, body: 99, isCoded: false);
            before.Registry.Exclude(before.Resource("/a.js"), ResourceSkip.Missing);
            before.Pages.Observe(Instance.Key("/a"), TimeSpan.FromMilliseconds(321), 4567);
            before.Find("/a").Path!.Totals.Saved(1000);
            await before.SaveAsync();
        }

        using var after = Start();
        Assert.Equal(["/a.css", "/a.js"], after.Told("/a"));
        Assert.Equal(PageSource.Learned, after.Find("/a").Source);
        Assert.True(after.Pages.Recognises(Some.Description(Instance.Key("/a"), new HeaderDictionary()), 1));
        Assert.Equal((12_345, false), (after.Resource("/a.css").Size, after.Resource("/a.css").NeedsAnswer));
        Assert.Equal(version, after.Resource("/a.css").Version);
        Assert.Equal(ResourceSkip.Missing, after.Registry.WhyExcluded(new Uri("https://site.test/a.js")));
        Assert.Equal(TimeSpan.FromMilliseconds(321), after.Find("/a").Path!.Timing.ThinkTime);
        Assert.Equal((4567, 1000), (after.Find("/a").Path!.Timing.Bytes, after.Find("/a").Path!.Totals.SavedBytes));

        // A stylesheet that has changed while the program was away is noticed.
        Assert.True(after.Registry.Observe(after.Resource("/a.css"), version with { Version = new(8) }, namesOthers: true));
        after.Registry.Passed(after.Resource("/a.css"), new ResourceVersion(8), body: 100, isCoded: false);
        Assert.False(after.Pages.Recognises(Some.Description(Instance.Key("/a"), new HeaderDictionary()), 1));
    }

    [Fact]
    public async Task What_is_not_known_of_a_resource_is_not_known_after_a_restart_either()
    {
        var version = new ResourceVersionState(new ResourceVersion(7), null, default);
        using (var before = Start())
        {
            before.Receive("/a", Some.Page(Some.Style("/1.css"), Some.Style("/2.css"), Some.Style("/3.css")));
            before.Registry.Observe(before.Resource("/1.css"), version, namesOthers: true);
            before.Registry.Passed(before.Resource("/1.css"), version.Version, body: null, isCoded: false);
            before.Resource("/2.css").CompareContents();
            before.Registry.Answered(before.Resource("/3.css"), new AnswerFacts());
            await before.SaveAsync();
        }

        using var after = Start();
        Assert.Equal(["/1.css", "/2.css", "/3.css"], after.Told("/a"));
        Assert.Equal(0, after.File.Records.Invalid);
        Assert.Equal((version, null), (after.Resource("/1.css").Version, after.Resource("/1.css").Answer));
        Assert.NotNull(after.Resource("/2.css").Contents);
        Assert.Equal((null, null), (after.Resource("/3.css").Answer!.Type, after.Resource("/3.css").Version));
    }

    [Fact]
    public async Task Pages_that_were_never_seen_are_expected_to_need_what_their_neighbours_needed_before()
    {
        using (var before = Start())
        {
            for (var i = 0; i < 4; i++)
            {
                before.Receive($"/blog/{i}", Some.Page(Some.Style("/all.css"), Some.Style($"/{i}.css")));
            }

            Assert.Equal(["/all.css"], before.Told("/blog/new", isPage: true));
            await before.SaveAsync();
        }

        using var after = Start();
        after.RestoreAll();
        Assert.Equal(["/all.css"], after.Told("/blog/new", isPage: true));
    }

    [Fact]
    public async Task A_name_that_comes_and_goes_is_not_told_after_a_restart_either()
    {
        var (with, without) = (Some.Page(Some.Style("/a.css"), Some.Style("/b.css")), Some.Page(Some.Style("/a.css")));
        using (var before = Start())
        {
            before.Receive("/a", with);
            before.Receive("/a", without, hash: 2);
            before.Receive("/a", with, hash: 3);
            Assert.Equal(["/a.css"], before.Told("/a"));
            await before.SaveAsync();
        }

        using var after = Start();
        Assert.Equal(["/a.css"], after.Told("/a"));
        for (var i = 0; i < PushProxy.Knowledge.Steadiness.FirstRun; i++)
        {
            Assert.True(after.Pages.Recognises(Some.Description(Instance.Key("/a"), new HeaderDictionary()), 3));
        }

        Assert.Equal(["/a.css", "/b.css"], after.Told("/a"));
    }

    [Fact]
    public async Task A_shell_is_sent_again_once_an_answer_has_shown_that_it_is_still_right()
    {
        var options = new ShellOptions { After = 4, Views = 2, Clients = 1 };
        var key = new ShellKey(ShellScope.Page, "route", "site.test", "/a", 0, IsMember: false, 0);
        var bytes = System.Text.Encoding.ASCII.GetBytes("<!DOCTYPE html><html><body>" + string.Concat(Enumerable.Repeat("<p>same</p>", 60)));
        using (var before = Start(shells: options))
        {
            Assert.Null(before.Shells.Find(key));
            for (ulong i = 1; i < 20; i++)
            {
                Answer(before, key, bytes, i);
            }

            Assert.True(before.Shells.Find(key)!.IsProven());
            await before.SaveAsync();
        }

        using var after = Start(shells: options);
        var shell = after.Shells.Find(key)!;
        Assert.NotNull(shell.Current);
        Assert.True(shell.Counts.Compared.Right > 4);
        Assert.False(shell.IsProven());
        Answer(after, key, bytes, 1);
        Assert.True(shell.IsProven());
    }

    [Fact]
    public async Task What_nobody_has_asked_for_yet_is_not_lost_when_the_program_ends_again()
    {
        using (var before = Start())
        {
            before.Receive("/a", Some.Page(Some.Style("/a.css")));
            before.Receive("/b", Some.Page(Some.Style("/a.css")));
            await before.SaveAsync();
        }

        using (var between = Start())
        {
            Assert.Equal(["/a.css"], between.Told("/a"));
            await between.SaveAsync();
        }

        using var after = Start();
        Assert.Equal(["/a.css"], after.Told("/b"));
        Assert.Equal(["/a.css"], after.Told("/a"));
    }

    [Fact]
    public async Task What_is_purged_before_anybody_has_asked_for_it_does_not_come_back()
    {
        using (var before = Start())
        {
            before.Receive("/a", Some.Page(Some.Style("/a.css")));
            before.Receive("/b", Some.Page(Some.Style("/b.css")));
            await before.SaveAsync();
        }

        using var after = Start();
        after.Pages.Forget(new PurgedUrls([new HttpCachePurged("site.test", "/a", isPrefix: false)]));

        // It is written again as it was read.
        await after.SaveAsync();
        Assert.DoesNotContain("/a\"", Text(), StringComparison.Ordinal);
        Assert.Empty(after.Told("/a"));
        Assert.Equal(["/b.css"], after.Told("/b"));
    }

    [Fact]
    public async Task What_nobody_has_used_for_longer_than_it_is_remembered_is_forgotten()
    {
        using (var before = Start())
        {
            before.Receive("/a", Some.Page(Some.Style("/a.css")));
            await before.SaveAsync();
        }

        Time.Advance(new LearningOptions().Expiry - TimeSpan.FromMinutes(1));
        using (var between = Start())
        {
            // A restart is no use.
            between.RestoreAll();
            await between.SaveAsync();
        }

        Time.Advance(TimeSpan.FromMinutes(2));
        using var after = Start();
        Assert.Null(after.Find("/a").Path);
    }

    [Fact]
    public async Task More_than_there_is_room_for_is_left_out()
    {
        using (var before = Start())
        {
            for (var i = 0; i < 500; i++)
            {
                before.Receive($"/{i}", Some.Page(Some.Style($"/{i}.css")));
            }

            await before.SaveAsync();
        }

        using var after = Start(new LearningOptions { CacheBytes = 64 * 1024 });
        after.RestoreAll();
        Assert.InRange(after.Pages.Size, 1, 64 * 1024);
        Assert.InRange(after.Pages.Count, 1, 100);
    }

    [Fact]
    public void The_key_that_tells_clients_apart_is_another_one_for_each_folder()
    {
        using var one = Start();
        var other = Directory.CreateTempSubdirectory("pushproxy-kept-");
        using var two = new Instance(other.FullName);
        Assert.NotEqual(one.File.ClientKey, two.File.ClientKey);
        other.Delete(recursive: true);
    }

    [Fact]
    public async Task The_key_that_tells_clients_apart_stays()
    {
        ulong key;
        using (var before = Start())
        {
            key = before.File.ClientKey;
            await before.SaveAsync();
        }

        using var after = Start();
        Assert.Equal(key, after.File.ClientKey);
    }

    private static void Answer(Instance instance, ShellKey key, byte[] body, ulong client)
    {
        var source = instance.Shells.FindShell(key);
        var visit = new ShellVisit(
            Instance.Key("/a"), key, client, source?.Current is null ? null : source, source?.Current, instance.Shells.SiteOf("site.test"))
        {
            Skip = ShellSkip.Shadow,
        };
        var headers = new HeaderDictionary { ["Content-Type"] = "text/html; charset=utf-8" };
        foreach (var view in instance.Shells.Begin(visit, headers, isEncoded: false))
        {
            view.Observe(body);
            view.Complete(visit, TimeSpan.FromMilliseconds(100));
        }

        instance.Shells.Learned(visit);
        while (instance.Shells.Uncut.TryRead(out var uncut))
        {
            uncut.Cut();
        }
    }
}
