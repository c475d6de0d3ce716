using System.Net.Sockets;
using System.Security.Authentication;
using PushProxy.Load.Soak.Wire;

namespace PushProxy.Load.Soak.Faults;

/// <summary>Sends each piece of <see cref="Garbage"/> on a connection of its own and sees how the connection ends.</summary>
internal static class GarbageClients
{
    // Less than it takes a server to lose patience with one that is silent: then the client hangs up.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <param name="url">Of the proxy.</param>
    /// <param name="atOnce">How many connections there are at the same time.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static async Task<string> RunAsync(Uri url, int atOnce, CancellationToken cancellation)
    {
        var all = Garbage.OnSocket().Select(static g => new Piece(null, g.Octets))
            .Concat(Garbage.OnHttp1(url.Authority).Select(static g => new Piece("http/1.1", g.Octets)))
            .Concat(Garbage.OnHttp2(url.Authority).Select(static g => new Piece("h2", g.Octets))).ToList();
        var ended = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(all, parallel, async (garbage, stop) =>
        {
            if (await SendAsync(url, garbage.Protocol, garbage.Octets, stop))
            {
                Interlocked.Increment(ref ended);
            }
        });
        return $"{all.Count} connections, {ended} ended by the proxy, the others by the client after {Patience.TotalSeconds:F0} s";
    }

    /// <returns>Whether the server ended the connection.</returns>
    private static async Task<bool> SendAsync(Uri url, string? protocol, byte[] octets, CancellationToken cancellation)
    {
        try
        {
            await using var line = protocol is null
                ? await RawLine.ConnectAsync(url, receiveBuffer: null, cancellation)
                : await RawLine.ConnectTlsAsync(url, protocol, receiveBuffer: null, cancellation);
            var reading = line.ReadToEndAsync(Patience, cancellation);
            try
            {
                // In pieces of any size: none may matter.
                for (var rest = octets.AsMemory(); rest.Length > 0;)
                {
                    var piece = rest[..Math.Min(rest.Length, Random.Shared.Next(1, 5000))];
                    await line.Stream.WriteAsync(piece, cancellation).AsTask().WaitAsync(Patience, cancellation);
                    rest = rest[piece.Length..];
                }
            }
            catch (Exception e) when (e is IOException or TimeoutException)
            {
                // It does not want to hear more.
            }

            return await reading;
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException)
        {
            throw new SoakFailureException("a connection of its own was refused: " + e.Message);
        }
    }

    private sealed record Piece(string? Protocol, byte[] Octets);
}
