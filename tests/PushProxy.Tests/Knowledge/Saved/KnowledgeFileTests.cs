using System.Runtime.Versioning;
using System.Text;
using PushProxy.Knowledge.Saved;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Knowledge.Saved;

/// <summary>Files that are not what the program has written there.</summary>
public sealed class KnowledgeFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pushproxy-kept-");

    private string Kept => Path.Combine(_folder.FullName, "knowledge");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_byte_that_has_changed_is_noticed_wherever_it_is()
    {
        await WriteAsync();
        var whole = await File.ReadAllBytesAsync(Kept, TestContext.Current.CancellationToken);
        for (var at = 0; at < whole.Length; at += 7)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x20;
            await ReadsAsync(damaged);
        }
    }

    [Fact]
    public async Task A_file_that_ends_too_early_is_noticed_wherever_it_ends()
    {
        await WriteAsync();
        var whole = await File.ReadAllBytesAsync(Kept, TestContext.Current.CancellationToken);
        for (var length = 0; length < whole.Length; length += 5)
        {
            await ReadsAsync(whole[..length]);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("PushProxy knowledge\n")]
    [InlineData("SQLite format 3\0")]
    public async Task A_foreign_file_is_set_aside(string text)
    {
        await File.WriteAllTextAsync(Kept, text, TestContext.Current.CancellationToken);
        using var instance = new Instance(_folder.FullName);
        Assert.Contains($"'{Kept}' is not used: ", Assert.Single(instance.Log.Lines), StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(Kept + ".set-aside", TestContext.Current.CancellationToken));
        Assert.False(File.Exists(Kept));
        await instance.SaveAsync();
        Assert.True(File.Exists(Kept));
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_set_aside_and_the_log_says_which_it_is()
    {
        await WriteAsync();
        var newer = await File.ReadAllBytesAsync(Kept, TestContext.Current.CancellationToken);
        newer["PushProxy knowledge\n".Length] = 9;
        await File.WriteAllBytesAsync(Kept, newer, TestContext.Current.CancellationToken);
        using var instance = new Instance(_folder.FullName);
        Assert.Contains("it has version 9, and this program reads version 1", Assert.Single(instance.Log.Lines), StringComparison.Ordinal);
        Assert.Equal(newer, await File.ReadAllBytesAsync(Kept + ".set-aside", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_was_learned_by_looser_limits_is_set_aside()
    {
        await WriteAsync();
        using (var stricter = new Instance(_folder.FullName, new LearningOptions { NamedBy = 3 }))
        {
            Assert.Contains("looser limits", Assert.Single(stricter.Log.Lines), StringComparison.Ordinal);
            Assert.Empty(stricter.Told("/0"));
        }
    }

    [Fact]
    public async Task What_was_learned_by_stricter_limits_is_used()
    {
        await WriteAsync();
        using var looser = new Instance(_folder.FullName, new LearningOptions { NamedBy = 1 });
        Assert.Equal(["/0.css"], looser.Told("/0"));
    }

    [Fact]
    public async Task What_was_learned_in_front_of_another_site_is_not_told()
    {
        await WriteAsync();
        using var other = new Instance(_folder.FullName, destination: "http://another/");
        Assert.Empty(other.Told("/0"));
        other.RestoreAll();
        Assert.Equal(0, other.Pages.Count);
    }

    [Fact]
    public async Task A_second_process_in_the_same_folder_keeps_nothing_and_says_so()
    {
        using var first = new Instance(_folder.FullName);
        first.Receive("/a", Some.Page(Some.Style("/a.css")));
        await first.SaveAsync();
        using var second = new Instance(_folder.FullName);
        Assert.False(second.File.IsOpen);
        Assert.Contains("Only one process can use a folder", Assert.Single(second.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_file_is_readable_for_its_owner_alone()
    {
        await WriteAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Kept));
    }

    [Fact]
    public async Task A_file_that_is_larger_than_what_is_kept_is_set_aside()
    {
        await WriteAsync();
        using (var bomb = new Instance(_folder.FullName))
        {
            await bomb.File.ReplaceAsync(static writer =>
            {
                var zeros = new byte[RecordFile.MaxRecord];
                for (var i = 0; i < 64; i++)
                {
                    writer.Write(SavedKind.Path, (UInt128)i, zeros);
                }

                return Task.CompletedTask;
            });
        }

        var small = new LearningOptions { CacheBytes = 64 * 1024 };
        using var instance = new Instance(_folder.FullName, small, new ShellOptions { CacheBytes = 64 * 1024 });
        Assert.Contains("larger than anything", Assert.Single(instance.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_that_are_not_valid_are_left_out_one_by_one()
    {
        await WriteAsync();
        IReadOnlyList<(SavedKind Kind, UInt128 Key, ReadOnlyMemory<byte> Text)> records;
        await using (var file = File.OpenRead(Kept))
        {
            records = RecordFile.Read(file, long.MaxValue);
        }

        var random = new Random(17);
        for (var round = 0; round < 300; round++)
        {
            // All but one are as they were.
            var at = random.Next(1, records.Count);
            var text = Mutate(records[at].Text.ToArray(), random);
            using (var writer = new Instance(_folder.FullName))
            {
                await writer.File.ReplaceAsync(w =>
                {
                    for (var i = 1; i < records.Count; i++)
                    {
                        w.Write(records[i].Kind, records[i].Key, i == at ? text : records[i].Text.Span);
                    }

                    return Task.CompletedTask;
                });
            }

            using var instance = new Instance(_folder.FullName);
            instance.RestoreAll();
            var told = Enumerable.Range(0, 5).SelectMany(i => instance.Told($"/{i}")).ToList();
            Assert.True(told.Count >= 4, $"round {round}: {Encoding.UTF8.GetString(text)}");
            Assert.DoesNotContain(told, static t => t.Any(char.IsControl));
        }
    }

    private static byte[] Mutate(byte[] text, Random random)
    {
        string[] tokens = ["null", "-1", "\"\\r\\nX: y\"", "[]", "{}", "1e400", "\"javascript:alert(1)\"", "true", "[null]"];
        var all = Encoding.UTF8.GetString(text);
        if (random.Next(3) == 0)
        {
            text[random.Next(text.Length)] = (byte)random.Next(256);
            return text;
        }

        // Another value in place of one.
        var colons = Enumerable.Range(0, all.Length).Where(i => all[i] == ':' && all[i - 1] == '"').ToList();
        var from = colons[random.Next(colons.Count)] + 1;
        var to = from;
        for (var depth = 0; to < all.Length && (depth > 0 || all[to] is not (',' or '}' or ']')); to++)
        {
            depth += all[to] is '[' or '{' ? 1 : all[to] is ']' or '}' ? -1 : 0;
        }

        return Encoding.UTF8.GetBytes(all[..from] + tokens[random.Next(tokens.Length)] + all[to..]);
    }

    private async Task WriteAsync()
    {
        using var instance = new Instance(_folder.FullName);
        for (var i = 0; i < 5; i++)
        {
            instance.Receive($"/{i}", Some.Page(Some.Style($"/{i}.css")));
        }

        await instance.SaveAsync();
    }

    // Either it is noticed, or the byte made no difference.
    private async Task ReadsAsync(byte[] bytes)
    {
        await File.WriteAllBytesAsync(Kept, bytes, TestContext.Current.CancellationToken);
        using var instance = new Instance(_folder.FullName);
        if (instance.Log.Lines is [var line])
        {
            Assert.Contains("is not used: ", line, StringComparison.Ordinal);
            Assert.True(File.Exists(Kept + ".set-aside"));
            Assert.Empty(instance.Told("/0"));
        }
        else
        {
            Assert.Equal(["/0.css"], instance.Told("/0"));
        }
    }
}
