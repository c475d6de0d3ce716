using System.Net;
using PushProxy.Load.Soak.Origin;

namespace PushProxy.Load.Soak.Probes;

/// <summary>One request that is sent to both proxies at the same instant.</summary>
/// <param name="Number">Tells it from all others; the origin treats both of a pair alike by it.</param>
/// <param name="Version">1.1 or 2.</param>
/// <param name="Method">GET, HEAD or POST.</param>
/// <param name="Path">What for.</param>
internal sealed record Probe(long Number, Version Version, HttpMethod Method, string Path)
{
    /// <summary>Of a POST.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Whether the body goes in chunks.</summary>
    public bool Chunked { get; init; }

    /// <summary>Whether it asks as a browser asks for a page.</summary>
    public bool Navigates { get; init; }

    /// <summary>A Cookie field.</summary>
    public string? Cookie { get; init; }

    /// <summary>An If-None-Match field.</summary>
    public string? Condition { get; init; }

    /// <summary>The next one of a mix that has everything in it.</summary>
    public static Probe Next(long number)
    {
        var version = number % 2 == 0 ? HttpVersion.Version20 : HttpVersion.Version11;
        var page = SoakSite.PagePaths[(int)(number / 2 % SoakSite.Pages)];
        var asset = SoakSite.AssetPaths[(int)(number / 2 % SoakSite.AssetPaths.Count)];
        return (number / 2 % 12) switch
        {
            0 or 1 or 2 or 3 => new(number, version, HttpMethod.Get, page) { Navigates = true },
            4 or 5 => new(number, version, HttpMethod.Get, asset),
            6 => new(number, version, HttpMethod.Get, asset) { Condition = SoakSite.Find(asset)!.Tag },
            7 => new(number, version, HttpMethod.Get, page) { Navigates = true, Cookie = Cookies.Any() },
            8 => new(number, version, HttpMethod.Post, "/form") { Body = Content(2_000) },
            9 => new(number, version, HttpMethod.Post, "/form") { Body = Content(150_000), Chunked = true },
            10 => new(number, version, HttpMethod.Head, asset),
            _ => new(number, version, HttpMethod.Get, number % 96 < 48 ? "/nothing/here" : SoakSite.Big),
        };
    }

    /// <summary>The request.</summary>
    public HttpRequestMessage Message(Uri proxy)
    {
        var message = new HttpRequestMessage(Method, new Uri(proxy, Path))
        {
            Version = Version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        message.Headers.Add(FaultyOrigin.ProbeHeader, "p" + Number);
        message.Headers.Add("Accept", Navigates ? "text/html,*/*;q=0.8" : "*/*");
        if (Navigates)
        {
            message.Headers.Add("Sec-Fetch-Dest", "document");
            message.Headers.Add("Sec-Fetch-Mode", "navigate");
        }

        if (Cookie is not null)
        {
            message.Headers.TryAddWithoutValidation("Cookie", Cookie);
        }

        if (Condition is not null)
        {
            message.Headers.TryAddWithoutValidation("If-None-Match", Condition);
        }

        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            message.Headers.TransferEncodingChunked = Chunked && Version == HttpVersion.Version11 ? true : null;
        }

        return message;
    }

    private static byte[] Content(int length)
    {
        var content = new byte[length];
        Random.Shared.NextBytes(content);
        return content;
    }
}
