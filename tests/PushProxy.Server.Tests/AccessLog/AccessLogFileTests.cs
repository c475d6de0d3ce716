using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PushProxy.Server.AccessLog;
using PushProxy.Server.Configuration;
using PushProxy.Server.Tests.Settings;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.AccessLog;

/// <summary>The access log's file while the program runs: rotated, truncated, gone, full, and slow.</summary>
public sealed class AccessLogFileTests : IDisposable
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task File_that_is_rotated_is_made_anew_and_no_line_is_lost()
    {
        await using var site = await TestSite.SayingAsync("the site");
        await using var proxy = await LoggedProxy.StartAsync(site.Address, _folder["access.log"]);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(proxy.File));
        await AskAsync("/1");

        // As logrotate does with a signal: the new file is there before anybody asks for anything.
        File.Move(proxy.File, _folder["access.log.1"]);
        Assert.True(Signals.User1(proxy.Program.ProcessId));
        await Eventually.TrueAsync(() => File.Exists(proxy.File), () => "The file was not made again.");
        await AskAsync("/2");

        // Without one: where the file has gone, the next line makes another.
        File.Move(proxy.File, _folder["access.log.2"]);
        await AskAsync("/3");

        // And with "create", which puts an empty file there.
        File.Move(proxy.File, _folder["access.log.3"]);
        await File.WriteAllTextAsync(proxy.File, "", Cancellation);
        await AskAsync("/4");

        // With "copytruncate" the file stays, and is empty.
        File.Copy(proxy.File, _folder["access.log.4"]);
        await using (var truncating = new FileStream(proxy.File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            truncating.SetLength(0);
        }

        await AskAsync("/5");
        Assert.Equal(
            ["/1 1", "/2 1", "/3 1", "/4 1", "/5 1"],
            new[] { "access.log.1", "access.log.2", "access.log.3", "access.log.4", "access.log" }.Select((name, i) =>
                $"/{i + 1} {File.ReadAllLines(_folder[name]).Count(l => l.Contains($"\"url.path\":\"/{i + 1}\"", StringComparison.Ordinal))}"));

        async Task AskAsync(string path)
        {
            await proxy.Program.Client.GetStringAsync(new Uri(proxy.Program.Address, path), Cancellation);
            await proxy.LineAsync(path);
        }
    }

    [Fact]
    public async Task Full_disk_costs_lines_and_one_warning_and_no_request()
    {
        await using var site = await TestSite.SayingAsync("the site");
        await using var proxy = await LoggedProxy.StartAsync(site.Address, "/dev/full");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("the site", await proxy.Program.GetStringAsync($"/{i}"));
        }

        await Eventually.EqualAsync(20, () => proxy.MetricAsync("pushproxy_access_log_dropped_total", "reason=\"failed\""));
        Assert.Contains(
            "The access log '/dev/full' can't be written: No space left on device",
            Assert.Single(proxy.Program.Log.Text.Split('\n'), static l => l.Contains("access log", StringComparison.OrdinalIgnoreCase)),
            StringComparison.Ordinal);
        proxy.Program.Terminate();
        Assert.Equal(0, await proxy.Program.ExitCodeAsync());
    }

    [Fact]
    public async Task Reader_that_reads_nothing_holds_nobody_up_and_not_the_end_either()
    {
        var pipe = _folder["pipe"];
        Assert.Equal(0, (await ExternalTool.RunAsync("mkfifo", [pipe])).ExitCode);
        await using var reader = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        await using var site = await TestSite.SayingAsync("the site");
        await using var proxy = await LoggedProxy.StartAsync(site.Address, pipe);

        // A pipe takes 64 KiB.
        var path = "/" + new string('x', 4000);
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal("the site", await proxy.Program.GetStringAsync(path));
        }

        proxy.Program.Terminate();
        Assert.Equal(0, await proxy.Program.ExitCodeAsync());
        Assert.Contains($"The access log '{pipe}' takes nothing", proxy.Program.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_writer_can_not_keep_up_with_is_dropped_and_counted()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var dropped = new Counted();
        using var log = new AccessLogWriter(
            new AccessLogOptions { Format = AccessLogFormat.Json, File = _folder["never.log"] },
            new AccessLogMetrics(services.GetRequiredService<IMeterFactory>()), TimeProvider.System, NullLogger<AccessLogWriter>.Instance);
        var record = new AccessRecord
        {
            Time = default,
            Method = "GET",
            Target = new string('x', 30_000),
            Version = "2",
            Scheme = "https",
            Status = 200,
        };
        var fitting = (int)(AccessLogWriter.MaxWaitingBytes / record.Size);

        // Its thread was never started.
        for (var i = 0; i < fitting + 25; i++)
        {
            log.Add(record);
        }

        Assert.Equal(25, dropped.Total);
    }

    [Fact]
    public async Task What_can_not_be_opened_is_said_before_anybody_comes()
    {
        Assert.Equal(
            [$"PushProxy:AccessLog:File: '/nowhere/access.log': there is no folder '/nowhere'"],
            await Validation.ErrorsOfAsync("""{ "PushProxy": { "AccessLog": { "Format": "json", "File": "/nowhere/access.log" } } }"""));
        Assert.Equal(
            [$"PushProxy:AccessLog:File: '{_folder.Path}' is a folder; name a file in it"],
            await Validation.ErrorsOfAsync($$"""{ "PushProxy": { "AccessLog": { "File": "{{_folder.Path}}" } } }"""));
        Assert.Equal(
            ["PushProxy:AccessLog:Format: 'common' is not one of off, combined, json"],
            await Validation.ErrorsOfAsync("""{ "PushProxy": { "AccessLog": { "Format": "common" } } }"""));

        var result = await Pushproxy.RunAsync(
            "--origin", "http://127.0.0.1:1", "--listen", "http://127.0.0.1:0", "--PushProxy:Management:Listen=none",
            "--PushProxy:AccessLog:Format=combined", "--PushProxy:AccessLog:File=/proc/access.log");
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("The access log can't be opened: ", result.Error, StringComparison.Ordinal);
    }

    /// <summary>What this process counts as dropped.</summary>
    private sealed class Counted : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _total;

        public Counted()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "pushproxy.access_log.dropped")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _total, value));
            _listener.Start();
        }

        public long Total => Volatile.Read(ref _total);

        public void Dispose() => _listener.Dispose();
    }
}
