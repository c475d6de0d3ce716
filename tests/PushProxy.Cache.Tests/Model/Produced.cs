using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace PushProxy.Cache.Tests.Model;

/// <summary>One body that the origin has made, for whom and when.</summary>
internal sealed class Produced(int serial, int version, string? variant, Grant first, byte[] body)
{
    private static readonly DateTimeOffset LongAgo = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public int Serial => serial;

    public string Url => first.By.Url;

    public int Version => version;

    /// <summary>What it was chosen by; null if it is the same for every variant.</summary>
    public string? Variant => variant;

    public Asked By => first.By;

    public Policy Policy => first.Policy;

    public byte[] Body => body;

    /// <summary>What the origin has said about it: with it, and with each 304.</summary>
    public ConcurrentBag<Grant> Grants { get; } = [first];

    /// <summary>Whether it came to its end. Nobody may take it for whole if not.</summary>
    public bool IsWhole { get; set; }

    /// <summary>When the origin was done with it, as a count of events.</summary>
    public long Ended { get; set; } = long.MaxValue;

    public bool IsDocument => Url.EndsWith(".html", StringComparison.Ordinal) && Policy.Status == StatusCodes.Status200OK;

    // One of each for each body, so that a 304 confirms one body and no other.
    public string Tag => $"{(Policy.IsWeak ? "W/" : "")}\"s{serial}\"";

    public string LastModified => LongAgo.AddSeconds(serial).ToString("R", CultureInfo.InvariantCulture);

    public static byte[] MakeBody(int serial, int version, string? variant, Asked by, int length)
    {
        var body = new byte[length];
        new Random(serial).NextBytes(body);
        var name = Encoding.UTF8.GetBytes($"{serial} {by.Url} v{version} {variant} for {by.Number} ");
        name.AsSpan(0, Math.Min(length, name.Length)).CopyTo(body);
        return body;
    }
}

/// <summary>What the origin said about a body, in a response or a 304, and when its head came.</summary>
/// <param name="By">Whom it answered.</param>
/// <param name="Policy">What it said.</param>
/// <param name="Began">When the origin began to work on it, as a count of events.</param>
/// <param name="At">The same by the clock.</param>
internal sealed record Grant(Asked By, Policy Policy, long Began, DateTimeOffset At)
{
    /// <summary>When its head came, as a count of events; the greatest while it has not.</summary>
    public long HeadCame { get; set; } = long.MaxValue;

    public DateTimeOffset HeadCameAt { get; set; }

    /// <summary>By when the cache had it, as a count of events. Who asks between the two asks in the same moment.</summary>
    public long Known
    {
        get => Math.Max(HeadCame, field);
        set;
    }
}

/// <summary>A request as the model remembers it.</summary>
/// <param name="Number">A number for each.</param>
/// <param name="Began">When it began, as a count of events.</param>
internal sealed record Asked(int Number, long Began, string Method, string Url)
{
    public const string NumberField = "X-Number";

    /// <summary>Whether the cache asks by itself, for nobody.</summary>
    public bool IsBackground { get; init; }

    public string? Cookie { get; init; }

    public string? Authorization { get; init; }

    public string? Variant { get; init; }

    public string? Destination { get; init; }

    public string? CacheControl { get; init; }

    public string? IfNoneMatch { get; init; }

    public string? IfModifiedSince { get; init; }

    public string? Range { get; init; }

    public string? IfRange { get; init; }

    public bool SaysNoStore => CacheControl == "no-store";

    /// <summary>Whether it wants nothing from a store that it is not obliged to take.</summary>
    public bool Reloads => CacheControl is "no-cache" or "max-age=0";

    public bool IsConditional => IfNoneMatch is not null || IfModifiedSince is not null;

    /// <summary>What the variant field means, however it is written.</summary>
    public string MeantVariant => MeaningOf(Variant);

    public override string ToString() => $"{Number}: {Method} {Url}"
        + Named("cookie", Cookie) + Named("authorization", Authorization) + Named("variant", Variant) + Named("dest", Destination)
        + Named("cache-control", CacheControl) + Named("if-none-match", IfNoneMatch) + Named("if-modified-since", IfModifiedSince)
        + Named("range", Range) + Named("if-range", IfRange);

    private static string Named(string name, string? value) => value is null ? "" : $" {name}: {value};";

    public static string MeaningOf(string? variant) => variant is null ? "none" : variant.Replace(" ", "", StringComparison.Ordinal);

    public void WriteTo(IHeaderDictionary headers)
    {
        headers.Host = Site.Host;
        Set(NumberField, Number.ToString(CultureInfo.InvariantCulture));
        Set("Cookie", Cookie);
        Set("Authorization", Authorization);
        Set("X-Variant", Variant);
        Set("Sec-Fetch-Dest", Destination);
        Set("Cache-Control", CacheControl);
        Set("If-None-Match", IfNoneMatch);
        Set("If-Modified-Since", IfModifiedSince);
        Set("Range", Range);
        Set("If-Range", IfRange);

        void Set(string name, string? value)
        {
            if (value is not null)
            {
                headers[name] = value;
            }
        }
    }
}
