using System.Buffers.Binary;
using System.Text;

namespace PushProxy.Load.Origin;

/// <summary>
/// A page as old shops have them, and all it needs: three stylesheets, two scripts, a font that a stylesheet names, a large image in the
/// first screen and eight further down. It is the page of the tables in docs/performance.md.
/// </summary>
internal static class ShopPage
{
    public const string Path = "/shop";
    private const int StyleSize = 15 * 1024;
    private const int ScriptSize = 30 * 1024;
    private const int FontSize = 24 * 1024;
    private const int TextSize = 23 * 1024;
    private const int Pictures = 8;
    private const string Sentence = "The quick brown fox jumps over the lazy dog while the old server thinks about it. ";

    /// <summary>What blocks the first paint, in the page's order, as an operator would list it.</summary>
    public static readonly IReadOnlyList<(string Path, string As)> Blocking =
    [
        ("/shop/app1.css", "style"), ("/shop/app2.css", "style"), ("/shop/app3.css", "style"), ("/shop/app1.js", "script"),
        ("/shop/app2.js", "script"),
    ];

    private const string Token = "00000000000000000000000000000000";

    private static readonly string Template = $"""
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
        <link rel="icon" href="data:,">
        {string.Join('\n', Blocking.Select(Element))}
        </head><body><h1>The old shop</h1><p class="lead">{Sentence}{Sentence}</p>
        <img src="/shop/hero.png" width="960" height="500" alt="">
        <form action="/shop/find"><input type="hidden" name="token" value="{Token}"><input name="q"></form><p>Your visit {Token}</p>
        {string.Concat(Enumerable.Repeat($"<p>{string.Concat(Enumerable.Repeat(Sentence, 8))}</p>\n", TextSize / (8 * Sentence.Length)))}
        {string.Concat(Enumerable.Range(1, Pictures).Select(Picture))}
        </body></html>
        """;

    /// <summary>The length of the page.</summary>
    public static int Length { get; } = Encoding.UTF8.GetByteCount(Template);

    /// <summary>
    /// The page as one visitor gets it. No two views are the same: behind header and hero comes a token, and a line of text.
    /// </summary>
    public static byte[] Html() =>
        Encoding.UTF8.GetBytes(Template.Replace(Token, Guid.NewGuid().ToString("N"), StringComparison.Ordinal));

    /// <summary>What it needs: path, media type and body.</summary>
    public static IReadOnlyDictionary<string, (string Type, byte[] Body)> Resources { get; } = Make();

    private static string Element((string Path, string As) blocking) =>
        blocking.As == "style" ? $"<link rel=\"stylesheet\" href=\"{blocking.Path}\">" : $"<script src=\"{blocking.Path}\"></script>";

    private static string Picture(int number) =>
        $"<p><img src=\"/shop/pic{number}.png\" width=\"640\" height=\"480\" alt=\"\"></p>\n";

    private static Dictionary<string, (string Type, byte[] Body)> Make()
    {
        var all = new Dictionary<string, (string, byte[])>
        {
            ["/shop/type.woff2"] = ("font/woff2", Font()),
            ["/shop/hero.png"] = ("image/png", NoiseImage.Create(0, 960, 500)),
        };
        foreach (var (path, kind) in Blocking)
        {
            all[path] = kind == "style" ? ("text/css", Style(path)) : ("text/javascript", Script(path));
        }

        for (var i = 1; i <= Pictures; i++)
        {
            all[$"/shop/pic{i}.png"] = ("image/png", NoiseImage.Create(i, 640, 480));
        }

        return all;
    }

    // Text is there before the font is: font-display, as most sites have it.
    private static byte[] Style(string path) => Fill(
        StyleSize,
        path != Blocking[0].Path ? "" : """
            @font-face { font-family: "Shop"; src: url("type.woff2") format("woff2"); font-display: swap }
            body { font-family: "Shop", sans-serif; max-width: 60em; margin: auto }

            """,
        static i => $".item-{i} {{ color: #{i * 7919 % 0xFFFFFF:x6}; margin: {i % 17}px auto {i % 5}em; padding: {i % 3}px }}\n");

    private static byte[] Script(string path) => Fill(
        ScriptSize,
        $"window.loaded = (window.loaded || []).concat('{path}');\n",
        static i => $"window['article{i}'] = function (n) {{ return n * {i} + {i * 7919 % 1000}; }};\n");

    private static byte[] Fill(int size, string start, Func<int, string> line)
    {
        var text = new StringBuilder(start);
        for (var i = 0; text.Length < size; i++)
        {
            text.Append(line(i));
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // The demo's font is a small one. WOFF2 has room for what only its maker reads (§5, private data block), and with it, it is as large
    // as most.
    private static byte[] Font()
    {
        using var resource = typeof(ShopPage).Assembly.GetManifestResourceStream("shop.woff2")!;
        var font = new byte[FontSize];
        var length = resource.ReadAtLeast(font, FontSize, throwOnEndOfStream: false);
        var start = (length + 3) / 4 * 4;
        new Random(0).NextBytes(font.AsSpan(start));
        // Of the file: its length (8), and a hint at its size once decompressed (16), which no browser believes to be the smaller one;
        // of the private data: offset (40), length (44).
        BinaryPrimitives.WriteInt32BigEndian(font.AsSpan(8), FontSize);
        BinaryPrimitives.WriteInt32BigEndian(font.AsSpan(16), 2 * FontSize);
        BinaryPrimitives.WriteInt32BigEndian(font.AsSpan(40), start);
        BinaryPrimitives.WriteInt32BigEndian(font.AsSpan(44), FontSize - start);
        return font;
    }
}
