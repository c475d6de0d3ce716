using System.Globalization;
using System.IO.Compression;
using System.Net;
using PushProxy.Load.Site;

namespace PushProxy.Load.Peers;

/// <summary>
/// A stylesheet that caches may keep, asked for again and again by clients that take every usual coding. Who stores answers from his store,
/// who compresses sends his own form of it, and all others forward the origin's.
/// </summary>
internal static class StoredAsset
{
    /// <summary>One with a varied text, as stylesheets have it: the same line again and again would be compressed for nothing.</summary>
    public const string Path = "/shop/app2.css";

    private const string Codings = "gzip, deflate, br, zstd";

    // The first answers may be in a form that is made in haste, before a better one is ready.
    private const int EqualAnswers = 6;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits until each server answers in its final form and, if it stores, from its store.</summary>
    /// <exception cref="InvalidOperationException">One answers with something else, or what it should have stored comes from the
    /// origin.</exception>
    public static async Task<Work> PrepareAsync(
        IReadOnlyList<PeerServer> servers, Uri origin, int requests, string processors, CancellationToken cancellation)
    {
        var body = await Work.BodyAsync(origin, Path, cancellation);
        var answers = await Task.WhenAll(servers.Select(s => SettleAsync(s, body, cancellation)));
        foreach (var server in servers.Where(static s => s.Peer.Stores))
        {
            await CheckStoredAsync(server, origin, cancellation);
        }

        var sizes = servers.Zip(answers).ToDictionary(static p => p.First, static p => p.Second.Body.Length);
        var forms = servers.Zip(answers).GroupBy(static p => (p.Second.Coding, p.Second.Body.Length), static p => p.First.Peer.Title)
            .Select(static f => string.Create(
                CultureInfo.InvariantCulture, $"{f.Key.Coding} {f.Key.Length:N0} from {string.Join(", ", f)}"));
        var what = string.Create(
            CultureInfo.InvariantCulture,
            $"{requests:N0} requests of {Path} ({body.Length:N0} bytes; {string.Join("; ", forms)}), {H2Load.Connections} connections of "
            + $"{H2Load.Streams} streams");
        return new(Work.Stored, what, requests, (server, cancel) =>
            H2Load.RunAsync(server, Path, sizes[server], requests, processors, [$"accept-encoding: {Codings}", Work.AsStylesheet], cancel));
    }

    private static async Task<Answer> SettleAsync(PeerServer server, byte[] body, CancellationToken cancellation)
    {
        var (last, equal) = (new Answer("", []), 0);
        for (var begun = TimeProvider.System.GetTimestamp(); equal < EqualAnswers;)
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Patience)
            {
                throw new InvalidOperationException($"{server.Peer.Title} sends {Path} in another form each time.");
            }

            var answer = await AskAsync(server, cancellation);
            if (!Decode(answer).AsSpan().SequenceEqual(body))
            {
                throw new InvalidOperationException(
                    $"{server.Peer.Title} has something else at {Path} than the origin ({answer.Coding}).");
            }

            equal = answer.Coding == last.Coding && answer.Body.Length == last.Body.Length ? equal + 1 : 1;
            last = answer;
            await Task.Delay(Pause, cancellation);
        }

        return last;
    }

    private static async Task CheckStoredAsync(PeerServer server, Uri origin, CancellationToken cancellation)
    {
        var counted = new Uri(origin, OriginCounter.Path);
        var before = await OriginCounts.ReadAsync(counted, cancellation);
        await AskAsync(server, cancellation);
        if ((await OriginCounts.ReadAsync(counted, cancellation) - before).Requests > 0)
        {
            throw new InvalidOperationException($"{server.Peer.Title} does not answer {Path} from its store.\n{server.Log}");
        }
    }

    private static async Task<Answer> AskAsync(PeerServer server, CancellationToken cancellation)
    {
        using var response = await Work.FetchAsync(new Uri(server.Url, Path), HttpVersion.Version20, Codings, cancellation);
        var coding = response.Content.Headers.ContentEncoding.SingleOrDefault("identity");
        return new(coding, await response.Content.ReadAsByteArrayAsync(cancellation));
    }

    private static byte[] Decode(Answer answer)
    {
        var input = new MemoryStream(answer.Body);
        using Stream decoder = answer.Coding switch
        {
            "gzip" => new GZipStream(input, CompressionMode.Decompress),
            "br" => new BrotliStream(input, CompressionMode.Decompress),
            "zstd" => new ZstdSharp.DecompressionStream(input),
            _ => input,
        };
        var output = new MemoryStream();
        decoder.CopyTo(output);
        return output.ToArray();
    }

    private sealed record Answer(string Coding, byte[] Body);
}
