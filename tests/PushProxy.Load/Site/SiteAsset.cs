using System.Globalization;
using System.Text;

namespace PushProxy.Load.Site;

/// <summary>One file of the site: its bytes and how long it may be kept.</summary>
/// <param name="Type">Its media type.</param>
/// <param name="Body">Its content.</param>
/// <param name="CacheControl">What its <c>Cache-Control</c> says; null: nothing, so that caches guess by <c>Last-Modified</c>.</param>
internal sealed record SiteAsset(string Type, byte[] Body, string? CacheControl)
{
    private const string Year = "public, max-age=31536000, immutable";
    private const string Hour = "public, max-age=3600";
    private const string Validate = "no-cache";

    /// <summary>When everything was last changed; long enough ago that what a cache guesses is hours.</summary>
    public static DateTimeOffset Changed { get; } = DateTimeOffset.UtcNow.AddDays(-30);

    /// <summary>All there are, by file name: what legacy sites have, of usual sizes, each kind with another way to be cached.</summary>
    public static IReadOnlyDictionary<string, SiteAsset> All { get; } = new Dictionary<string, SiteAsset>
    {
        ["framework.css"] = Stylesheet(30_000, Year, ""),
        ["theme.css"] = Stylesheet(
            12_000, Hour, "@font-face { font-family: Text; src: url(text.woff2) format('woff2') } body { font-family: Text, serif }\n"),
        ["home.css"] = Stylesheet(4_000, Validate, ""),
        ["list.css"] = Stylesheet(4_000, Validate, ""),
        ["article.css"] = Stylesheet(4_000, Validate, ""),
        ["library.js"] = Script(60_000, Year),
        ["site.js"] = Script(8_000, Hour),
        ["counter.js"] = Script(2_000, "no-store"),
        ["text.woff2"] = new("font/woff2", [.. "wOF2"u8, .. Noise(24_000)], Year),
        ["hero.svg"] = Picture(60_000, 1200, 500, null),
        ["logo.svg"] = Picture(2_000, 160, 60, Year),
    }.Concat(Enumerable.Range(1, 8)
        .Select(static n => KeyValuePair.Create(
            string.Create(CultureInfo.InvariantCulture, $"photo{n}.svg"), Picture(9_000 + (n * 500), 240, 180, null))))
        .ToDictionary(static p => p.Key, static p => p.Value);

    private static SiteAsset Stylesheet(int size, string cache, string start) =>
        new("text/css", Filled(start, ".rule { color: #123456; margin: 0 auto }\n", size), cache);

    private static SiteAsset Script(int size, string cache) =>
        new("text/javascript", Filled("", "// What the site has grown over the years.\n", size), cache);

    private static SiteAsset Picture(int size, int width, int height, string? cache) => new(
        "image/svg+xml",
        Filled(
            string.Create(
                CultureInfo.InvariantCulture,
                $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\"><rect width=\"100%\" height=\"100%\" "
                + $"fill=\"#789\"/></svg>"),
            "<!-- details -->\n",
            size),
        cache);

    private static byte[] Filled(string start, string line, int size) =>
        Encoding.UTF8.GetBytes(start + string.Concat(Enumerable.Repeat(line, Math.Max(0, (size - start.Length) / line.Length))));

    private static byte[] Noise(int size)
    {
        var bytes = new byte[size];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
