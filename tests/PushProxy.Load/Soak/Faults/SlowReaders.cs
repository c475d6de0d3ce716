using System.Globalization;
using PushProxy.Load.Soak.Origin;
using PushProxy.Load.Soak.Wire;

namespace PushProxy.Load.Soak.Faults;

/// <summary>
/// Clients that read a kilobyte a second, then nothing more, and in the end go away: on the socket, over HTTP/1.1, or by the windows of
/// HTTP/2, while pushes wait for them, too.
/// </summary>
internal static class SlowReaders
{
    private const int Each = 3;
    private const int SocketBuffer = 4096;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <param name="url">Of the proxy.</param>
    /// <param name="slot">How much time there is.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static async Task<string> RunAsync(Uri url, TimeSpan slot, CancellationToken cancellation)
    {
        var time = slot * 0.8 < Longest ? slot * 0.8 : Longest;
        var readers = Enumerable.Range(0, Each)
            .SelectMany(i => new[] { ReadSocketAsync(url, time, cancellation), ReadStreamsAsync(url, i, time, cancellation) });
        var read = await Task.WhenAll(readers);
        return string.Create(
            CultureInfo.InvariantCulture, $"{read.Length} clients, {read.Sum() / 1024.0:F0} kB in {time.TotalSeconds:F1} s");
    }

    private static async Task<long> ReadSocketAsync(Uri url, TimeSpan time, CancellationToken cancellation)
    {
        await using var line = await RawLine.ConnectTlsAsync(url, "http/1.1", SocketBuffer, cancellation);
        await line.Stream.WriteAsync(
            System.Text.Encoding.ASCII.GetBytes($"GET {SoakSite.Big} HTTP/1.1\r\nHost: localhost\r\n\r\n"), cancellation);
        var buffer = new byte[1024];
        return await ReadAsync(time, ReadOneAsync, cancellation);

        async Task<int> ReadOneAsync() =>
            await line.Stream.ReadAsync(buffer, cancellation) is > 0 and var read ? read : throw new IOException("The response ends here.");
    }

    private static async Task<long> ReadStreamsAsync(Uri url, int page, TimeSpan time, CancellationToken cancellation)
    {
        await using var line = await FrameLine.OpenAsync(url, window: 1024, receiveBuffer: null, cancellation);
        await line.AskForPageAsync(1, url, SoakSite.PagePaths[page], cancellation);
        await line.SendAsync(Frames.Get(3, url.Authority, SoakSite.Big), cancellation);
        return await ReadAsync(time, ReadOneAsync, cancellation);

        // What has come is granted again, so each stream moves by its window a second.
        async Task<int> ReadOneAsync()
        {
            var (type, _, stream, payload) = await line.ReadAsync(cancellation);
            if (type != Frames.Data || payload.Length == 0)
            {
                return 0;
            }

            await line.GrantAsync(stream, (uint)payload.Length, cancellation);
            return payload.Length;
        }
    }

    /// <summary>Reads for the first half of the time, and sits still for the rest.</summary>
    private static async Task<long> ReadAsync(TimeSpan time, Func<Task<int>> readAsync, CancellationToken cancellation)
    {
        var total = 0L;
        try
        {
            for (var start = DateTime.UtcNow; DateTime.UtcNow - start < time / 2;)
            {
                var read = await readAsync().WaitAsync(time, cancellation);
                total += read;
                await Task.Delay(TimeSpan.FromSeconds(Math.Clamp(read / 1024.0, 0, 1)), cancellation);
            }

            await Task.Delay(time / 2, cancellation);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            // The server has lost patience, or the origin was unwell: both are in order.
        }

        return total;
    }
}
