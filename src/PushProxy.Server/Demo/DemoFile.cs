using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace PushProxy.Server.Demo;

/// <summary>One file of the demo site, with everything a response says about it worked out beforehand.</summary>
internal sealed class DemoFile
{
    public DemoFile(string path, byte[] bytes)
    {
        ContentType = Path.GetExtension(path) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "application/javascript; charset=utf-8",
            ".jpg" => "image/jpeg",
            ".png" => "image/png",
            ".ico" => "image/x-icon",
            ".woff2" => "font/woff2",
            var other => throw new NotSupportedException($"The demo site has no content type for '{other}' ({path})."),
        };
        IsPage = ContentType.StartsWith("text/html", StringComparison.Ordinal);
        IsImage = ContentType.StartsWith("image/", StringComparison.Ordinal);

        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8));
        Plain = new Body(bytes, new EntityTagHeaderValue($"\"{hash}\""));
        if (ContentType.Contains("charset", StringComparison.Ordinal))
        {
            Compressed = new Body(Gzip(bytes), new EntityTagHeaderValue($"\"{hash}-gz\""));
        }
    }

    /// <summary>When the site's owner last touched it: some years ago.</summary>
    public static DateTimeOffset LastModified { get; } = new(2016, 9, 12, 8, 30, 0, TimeSpan.Zero);

    public string ContentType { get; }

    public bool IsPage { get; }

    public bool IsImage { get; }

    public Body Plain { get; }

    /// <summary>With gzip; null for what is compressed already.</summary>
    public Body? Compressed { get; }

    private static byte[] Gzip(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return buffer.ToArray();
    }

    /// <summary>What goes over the wire. Each encoding is a representation of its own, with its own tag (RFC 9110, 8.8.3.3).</summary>
    internal sealed record Body(byte[] Bytes, EntityTagHeaderValue ETag);
}
