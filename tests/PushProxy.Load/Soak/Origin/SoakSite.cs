using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PushProxy.Load.Soak.Origin;

/// <summary>
/// What the origin serves: pages that need stylesheets, scripts and a font, kept by browsers for an hour; large and chunked answers. The
/// same path has the same bytes in every run of the origin, so that what came through two proxies can be compared.
/// </summary>
internal static class SoakSite
{
    /// <summary>How many pages there are.</summary>
    public const int Pages = 24;

    /// <summary>How many of them, from the first, are <c>/page/0</c> and up; the others are in <see cref="Turning"/>.</summary>
    public const int SteadyPages = 12;

    /// <summary>The folder of pages whose route has another policy by each configuration.</summary>
    public const string Turning = "/turning/";

    /// <summary>Stylesheets are <c>/assets/0.css</c> and up, scripts <c>/assets/0.js</c>, pictures <c>/assets/0.png</c>.</summary>
    public const int Assets = 8;

    /// <summary>Long enough that the proxy's and the kernel's buffers can't take all of it.</summary>
    public const string Big = "/assets/big.bin";

    /// <summary>A page that nobody asks for before the end, and the folder of numbered ones, each of which is learned once.</summary>
    public const string Fresh = "/fresh";

    private static readonly Dictionary<string, SiteFile> Files = All().ToDictionary(static f => f.Path);

    /// <summary>The paths of all pages.</summary>
    public static IReadOnlyList<string> PagePaths { get; } = [.. Enumerable.Range(0, Pages).Select(PathOf)];

    /// <summary>The paths of everything that is no page, but for <see cref="Big"/>.</summary>
    public static IReadOnlyList<string> AssetPaths { get; } =
        [.. Files.Keys.Where(static p => p.StartsWith("/assets/", StringComparison.Ordinal) && p != Big).Order(StringComparer.Ordinal)];

    /// <returns>Null: there is no such file.</returns>
    public static SiteFile? Find(string path) => Files.GetValueOrDefault(path) ?? FreshOne(path);

    // As many as there are numbers.
    private static SiteFile? FreshOne(string path) =>
        path.StartsWith(Fresh + "/", StringComparison.Ordinal)
        && int.TryParse(path.AsSpan(Fresh.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(path, "text/html; charset=utf-8", Page(number % Pages), "no-cache", HasTag: true, Chunked: false) : null;

    private static IEnumerable<SiteFile> All()
    {
        for (var i = 0; i < Assets; i++)
        {
            yield return Asset($"/assets/{i}.css", "text/css", Lines($".rule-{i} {{ color: #123456; margin: {i} auto }}", 300));
            yield return Asset($"/assets/{i}.js", "text/javascript", Lines($"window['step{i}'] = (window['step{i}'] || 0) + {i};", 300));
            yield return Asset($"/assets/{i}.png", "image/png", Noise(i, 12_000 + (3_000 * i)));
        }

        yield return Asset(Big, "application/octet-stream", Noise(99, 4 << 20));
        yield return new SiteFile(Fresh, "text/html; charset=utf-8", Page(Pages), "no-cache", HasTag: true, Chunked: false);
        for (var n = 0; n < Pages; n++)
        {
            // Three kinds of legacy site: versions by ETag, no version at all, and pages that say they are one client's own.
            var kind = n % 3;
            yield return new SiteFile(
                PathOf(n), "text/html; charset=utf-8", Page(n), kind == 2
                    ? "private, no-cache"
                    : "no-cache", HasTag: kind != 1, Chunked: kind == 1);
        }
    }

    private static string PathOf(int page) => page < SteadyPages ? $"/page/{page}" : $"{Turning}{page}";

    private static SiteFile Asset(string path, string type, byte[] body) =>
        new(path, type, body, "public, max-age=3600", HasTag: true, Chunked: false);

    private static byte[] Page(int n)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<!DOCTYPE html><html><head><meta charset=utf-8><title>Page {n}</title>");
        for (var i = 0; i < 3; i++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<link rel=stylesheet href=/assets/{(n + i) % Assets}.css>");
        }

        html.Append(
            CultureInfo.InvariantCulture,
            $"<script src=/assets/{n % Assets}.js></script><script src=/assets/{(n + 3) % Assets}.js></script></head><body>");
        html.Append(
            CultureInfo.InvariantCulture,
            $"<img src=/assets/{n % Assets}.png width=400 height=300><img src=/assets/{(n + 1) % Assets}.png width=400 height=300>");
        html.Append(
            string.Concat(
                Enumerable.Repeat(
                    $"<p>Paragraph of page {n}: an old server takes its time, and nobody remembers why.</p>\n", 60 + (20 * n))));
        return Encoding.UTF8.GetBytes(html.Append("</body></html>").ToString());
    }

    private static byte[] Lines(string line, int count) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(line + "\n", count)));

    // Bytes that look like nothing else and are the same in each process.
    private static byte[] Noise(int seed, int length)
    {
        var bytes = new byte[length];
        for (var (i, block) = (0, SHA256.HashData([(byte)seed])); i < length; i += block.Length, block = SHA256.HashData(block))
        {
            block.AsSpan(0, Math.Min(block.Length, length - i)).CopyTo(bytes.AsSpan(i));
        }

        return bytes;
    }
}

/// <summary>One file of the site.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Type">Its Content-Type.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="CacheControl">How long it is kept, and by whom.</param>
/// <param name="HasTag">Whether its version is named.</param>
/// <param name="Chunked">Whether its length is not.</param>
internal sealed record SiteFile(string Path, string Type, byte[] Body, string CacheControl, bool HasTag, bool Chunked)
{
    /// <summary>The hash of <see cref="Body"/>, in hexadecimal.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Body));

    /// <summary>The ETag, whether it is told or not.</summary>
    public string Tag => $"\"{Hash[..16]}\"";
}
