using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Server.AffinityKeys;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.AffinityKeys;

/// <summary>Keys come from one instance to the others, whatever is lost on the way.</summary>
public class SharedKeysTests
{
    [Fact]
    public async Task A_key_of_another_is_read_and_used_here_as_soon_as_it_came()
    {
        await using var here = new KeyInstance();
        await using var there = new KeyInstance();
        await here.StartAsync();
        var before = here.Used();
        var key = there.Make();
        var cookie = there.Protector.Protect([7]);
        Assert.NotEqual(before, key.KeyId);
        Assert.Throws<CryptographicException>(() => here.Protector.Unprotect(cookie));
        Assert.True(here.Keys.Take(there.Put.Last()));

        // .NET looks for a key that it does not know in the first minutes only. It encrypts with the newest, if it has looked.
        await Eventually.TrueAsync(() => here.Used() == key.KeyId, () => $"{key.KeyId} was never used here.");
        Assert.Equal([7], here.Protector.Unprotect(cookie));
        Assert.Equal([before], here.Files.Select(static f => (Guid)f.Attribute("id")!));
    }

    [Fact]
    public async Task A_key_that_is_made_is_put_at_once_and_all_are_put_again_when_they_were_lost()
    {
        await using var here = new KeyInstance();
        await using var there = new KeyInstance();
        var (own, other) = (here.Make(), there.Make());
        Assert.Equal($"k:{own.KeyId:N}", Assert.Single(here.Put).Key);
        Assert.True(here.Keys.Take(there.Put.Single()));
        here.Keys.CaughtUp(isNew: false);
        Assert.Single(here.Put);
        here.Keys.CaughtUp(isNew: true);
        Assert.Equal([own.KeyId, other.KeyId], here.Put.Skip(1).Select(static r => (Guid)KeyInstance.Xml(r).Attribute("id")!));
    }

    [Fact]
    public async Task What_finds_no_room_is_put_the_next_time()
    {
        await using var here = new KeyInstance { IsFull = true };
        here.Make();
        Assert.Empty(here.Put);
        here.IsFull = false;
        here.Keys.Tell();
        Assert.Single(here.Put);
    }

    [Fact]
    public async Task Keys_are_put_again_each_hour_and_no_more_when_nobody_needs_them()
    {
        await using var there = new KeyInstance();
        await using var records = new KeyInstance();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var keys = new SharedKeys(new NoFolder(), records, time, NullLogger<SharedKeys>.Instance);
        there.Make();
        Assert.True(keys.Take(there.Put.Single()));
        time.Advance(TimeSpan.FromMinutes(59));
        keys.Tell();
        Assert.Empty(records.Put);
        time.Advance(TimeSpan.FromMinutes(2));
        keys.Tell();
        Assert.Equal(there.Put.Single().Key, Assert.Single(records.Put).Key);
        Assert.InRange(records.Put.Single().Lifetime, TimeSpan.FromDays(179), TimeSpan.FromDays(180));

        // It was replaced after 90 days, and is read for another 90.
        time.Advance(TimeSpan.FromDays(181));
        keys.Tell();
        Assert.Single(records.Put);
        Assert.Empty(keys.GetAllElements());
        Assert.True(keys.Take(there.Put.Single()));
        Assert.Empty(keys.GetAllElements());
    }

    [Fact]
    public async Task Without_a_folder_a_key_is_kept_in_memory_and_told_and_a_warning_says_so_once()
    {
        // A file is no folder, for root either.
        var file = Path.GetTempFileName();
        try
        {
            await using var here = new KeyInstance(Path.Combine(file, "keys"));
            var used = here.Used();
            here.Make();
            Assert.Equal([7], here.Protector.Unprotect(here.Protector.Protect([7])));
            Assert.Equal($"k:{used:N}", here.Put.First().Key);
            Assert.Single(here.Lines, static l => l.Level == LogLevel.Warning && l.Text.Contains("can't be kept", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task No_secret_comes_into_the_log()
    {
        await using var here = new KeyInstance();
        await using var there = new KeyInstance();
        await here.StartAsync();
        await there.StartAsync();
        var key = there.Make();
        Assert.True(here.Keys.Take(there.Put.Last()));
        await Eventually.TrueAsync(() => here.Used() == key.KeyId, () => $"{key.KeyId} was never used here.");
        var secret = KeyInstance.Secret(KeyInstance.Xml(there.Put.Last()));
        var garbled = KeyInstance.Xml(there.Put.Last());
        garbled.Element("expirationDate")!.Value = secret;
        Assert.False(here.Keys.Take(there.Put.Last() with { Value = System.Text.Encoding.UTF8.GetBytes(garbled.ToString()) }));
        var secrets = here.Files.Concat(there.Files).Select(KeyInstance.Secret).Append(secret).ToList();
        Assert.Contains(here.Lines, l => l.Text.Contains(key.KeyId.ToString(), StringComparison.Ordinal));
        Assert.All(here.Lines.Concat(there.Lines), l => Assert.DoesNotContain(secrets, s => l.Text.Contains(s, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Others_cannot_fill_the_memory_with_keys()
    {
        await using var there = new KeyInstance();
        await using var here = new KeyInstance();
        there.Make();
        for (var i = 0; i < SharedKeys.MaxOthers + 10; i++)
        {
            var key = KeyInstance.Xml(there.Put.First());
            var id = Guid.NewGuid();
            key.SetAttributeValue("id", id);
            key.Element("expirationDate")!.SetValue(DateTimeOffset.UtcNow.AddDays(1).AddMinutes(i));
            Assert.True(here.Keys.Take(new($"k:{id:N}", System.Text.Encoding.UTF8.GetBytes(key.ToString()), TimeSpan.FromDays(1))));
        }

        Assert.Equal(SharedKeys.MaxOthers, here.Keys.GetAllElements().Count);
    }
}
