using System.Globalization;
using System.Net;

namespace PushProxy.Load.Peers;

/// <summary>What the peers are given to do.</summary>
/// <param name="Name">On the command line and in reports.</param>
/// <param name="What">For people.</param>
/// <param name="Units">How many requests or views a run has.</param>
/// <param name="RunAsync">Has one peer do it, and returns how many units a second it did.</param>
internal sealed record Work(string Name, string What, int Units, Func<PeerServer, CancellationToken, Task<double>> RunAsync)
{
    public const string Asset = "asset";
    public const string Page = "page";
    public const string Tagged = "tagged";

    /// <summary>As <see cref="Page"/>, asked for as browsers ask, so that it is compared with its shell.</summary>
    public const string Document = "document";
    public const string View = "view";

    /// <summary>A <see cref="StoredAsset"/>.</summary>
    public const string Stored = "stored";

    /// <summary>As <see cref="View"/>, but servers store and compress.</summary>
    public const string Visit = "visit";

    /// <summary>As <see cref="Visit"/>, by browsers of today: they take 103, and no pushes.</summary>
    public const string VisitWithoutPush = "visit-103";

    /// <summary>What browsers say when they ask for a stylesheet.</summary>
    public const string AsStylesheet = "sec-fetch-dest: style";

    // What browsers say when they ask for a page.
    private static readonly string[] AsDocument =
        ["sec-fetch-dest: document", "sec-fetch-mode: navigate", "accept: text/html", "user-agent: Mozilla/5.0"];

    private const int VisitorsAtOnce = 8;

    // As the views verb has it when nothing is said.
    private const double Returning = 0.4;

    /// <summary>All names.</summary>
    public static readonly string[] All = [Asset, Page, Document, Tagged, View, Stored, Visit, VisitWithoutPush];

    /// <summary>
    /// Whether a piece of work measures forwarding. For any other, servers store and compress as far as they are set up to.
    /// </summary>
    public static bool IsForwarding(string name) => name is not (Stored or Visit or VisitWithoutPush);

    /// <summary>The same resource again and again.</summary>
    /// <param name="name"><see cref="Asset"/>, <see cref="Page"/>, <see cref="Document"/> or <see cref="Tagged"/>.</param>
    /// <param name="path">Of the resource.</param>
    /// <param name="body">What the origin has there.</param>
    /// <param name="requests">How many a run has.</param>
    /// <param name="processors">Where the load generator runs.</param>
    public static Work Requests(string name, string path, byte[] body, int requests, string processors)
    {
        var what = string.Create(
            CultureInfo.InvariantCulture,
            $"{requests:N0} requests of {path} ({body.Length:N0} bytes), {H2Load.Connections} connections of {H2Load.Streams} streams");
        string[] fields = name switch { Asset => [AsStylesheet], Document => AsDocument, _ => [] };
        return new(
            name, what, requests,
            (server, cancellation) => H2Load.RunAsync(server, path, body.Length, requests, processors, fields, cancellation));
    }

    /// <summary>
    /// Whole views of a page by visitors with a cache who accept gzip and br, each a new one with a new connection or one who has been
    /// there.
    /// </summary>
    /// <param name="name"><see cref="View"/>, <see cref="Visit"/> or <see cref="VisitWithoutPush"/>.</param>
    /// <param name="page">Its path.</param>
    /// <param name="needs">How many resources it needs.</param>
    /// <param name="views">How many views a run has.</param>
    /// <param name="certificate">What the visitors trust.</param>
    /// <param name="processors">Where they run.</param>
    public static Work Views(string name, string page, int needs, int views, string certificate, string processors)
    {
        var protocol = name == VisitWithoutPush ? VisitProtocol.Http2 : VisitProtocol.Push;
        var what = string.Create(
            CultureInfo.InvariantCulture,
            $"{views:N0} views of {page} with its {needs} resources, {VisitorsAtOnce} visitors at once who take "
            + $"{(protocol == VisitProtocol.Push ? "pushes" : "103 and no pushes")}, {Returning:P0} of them returning");
        return new(name, what, views, async (server, cancellation) =>
        {
            var plan = new VisitPlan
            {
                Url = new Uri(server.Url, page),
                Protocol = protocol,
                Concurrency = VisitorsAtOnce,
                Views = views,
                Returning = Returning,
                Certificate = certificate,
                Processors = processors,
            };
            var result = await Visitors.RunAsync(plan, null, cancellation);
            var (counts, got) = (
                result.Counts, result.Counts.Requests.Answered + result.Counts.Requests.FromCache + result.Counts.Pushes.Used);
            if (counts.Views.Finished != views || counts.Errors != 0 || got != views * (needs + 1L))
            {
                throw new InvalidOperationException(
                    $"{server.Peer.Title} {page}: of {views} views {counts.Views.Finished} finished, with {counts.Errors} errors, and "
                    + $"{got} resources came instead of "
                    + $"{views * (needs + 1L)}.\n{string.Join('\n', result.Samples.Take(5))}\n{server.Log}");
            }

            return views / result.Seconds;
        });
    }

    /// <summary>What the origin has at a path.</summary>
    public static Task<byte[]> BodyAsync(Uri origin, string path, CancellationToken cancellation) =>
        BodyAsync(new Uri(origin, path), HttpVersion.Version11, cancellation);

    /// <summary>Compares what a peer has at a path with what the origin has there, octet by octet.</summary>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    public static async Task CheckAsync(PeerServer server, string path, byte[] body, CancellationToken cancellation)
    {
        if (!(await BodyAsync(new Uri(server.Url, path), HttpVersion.Version20, cancellation)).AsSpan().SequenceEqual(body))
        {
            throw new InvalidOperationException($"{server.Peer.Title} has something else at {path} than the origin.");
        }
    }

    /// <summary>Asks for something.</summary>
    /// <param name="url">What for.</param>
    /// <param name="version">Of HTTP.</param>
    /// <param name="codings">What to say in <c>Accept-Encoding</c>; null: nothing.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>A response of status 200, as it came; it has been read to its end.</returns>
    /// <exception cref="InvalidOperationException">It is answered otherwise.</exception>
    public static async Task<HttpResponseMessage> FetchAsync(Uri url, Version version, string? codings, CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler();
        // The certificate signs itself; whose it is says the port.
        handler.SslOptions.RemoteCertificateValidationCallback = Testing.TestCertificate.AcceptSelfSigned;
        using var client = new HttpClient(handler);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Version = version;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            if (codings is not null)
            {
                request.Headers.Add("Accept-Encoding", codings);
            }

            return (await client.SendAsync(request, cancellation)).EnsureSuccessStatusCode();
        }
        catch (HttpRequestException e)
        {
            throw new InvalidOperationException($"{url} is not answered with 200 over HTTP/{version}: {e.Message}", e);
        }
    }

    private static async Task<byte[]> BodyAsync(Uri url, Version version, CancellationToken cancellation)
    {
        using var response = await FetchAsync(url, version, null, cancellation);
        return await response.Content.ReadAsByteArrayAsync(cancellation);
    }
}
