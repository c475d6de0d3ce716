using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;

namespace PushProxy.Model;

/// <summary>
/// One resource in one version, as 64 bits: a hash of its key and of what tells its versions apart, which is the ETag, else
/// Last-Modified (RFC 9110 §8.8), else the content. The same in every instance and after every restart.
/// </summary>
internal readonly record struct ResourceVersion(ulong Value)
{
    /// <summary>Odd, so that no kind of validator shares its hashes with another.</summary>
    private const ulong KindStep = 0x9E3779B97F4A7C15;

    private static readonly string[] CodingSuffixes = ["-gzip\"", "-br\"", "-zstd\""];

    private enum Kind
    {
        Tag,
        Date,
        Content,
    }

    /// <summary>By the validator in a response; null where there is none, and its content has to tell (<see cref="OfContent"/>).</summary>
    public static ResourceVersion? Of(ResourceKey key, IHeaderDictionary response) =>
        response.ETag is [{ Length: > 0 } tag] ? OfTag(key, tag)
        : response.LastModified is [{ Length: > 0 } date] ? OfLastModified(key, date)
        : null;

    /// <summary>
    /// A strong tag and the weak one of the same text are one version: that is how If-None-Match compares (RFC 9110 §8.8.3.2),
    /// and what a server does to a tag when it compresses.
    /// </summary>
    public static ResourceVersion OfTag(ResourceKey key, ReadOnlySpan<char> tag)
    {
        tag = tag.Trim(" \t");
        tag = tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;

        // Apache says in the tag how it coded the content: "1a-gzip" to one client is "1a" to another.
        foreach (var suffix in CodingSuffixes)
        {
            if (tag.Length is > 8 and <= 256 && tag.EndsWith(suffix, StringComparison.Ordinal))
            {
                Span<char> plain = stackalloc char[tag.Length - suffix.Length + 1];
                tag[..^suffix.Length].CopyTo(plain);
                plain[^1] = '"';
                return Hash(key, Kind.Tag, MemoryMarshal.AsBytes(plain));
            }
        }

        return Hash(key, Kind.Tag, MemoryMarshal.AsBytes(tag));
    }

    /// <summary>As text: If-Modified-Since repeats it as it was (RFC 9110 §13.1.3).</summary>
    public static ResourceVersion OfLastModified(ResourceKey key, ReadOnlySpan<char> date) =>
        Hash(key, Kind.Date, MemoryMarshal.AsBytes(date.Trim(" \t")));

    public static ResourceVersion OfContent(ResourceKey key, UInt128 contentHash) =>
        Hash(key, Kind.Content, MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in contentHash)));

    /// <summary>Whether a conditional request says that the client has this version (RFC 9110 §13.1.2, §13.1.3).</summary>
    public bool IsNamedBy(ResourceKey key, IHeaderDictionary request)
    {
        // If-Modified-Since is not looked at beside If-None-Match.
        if (request.IfNoneMatch.Count == 0)
        {
            return request.IfModifiedSince is [{ Length: > 0 } date] && this == OfLastModified(key, date);
        }

        foreach (var line in request.IfNoneMatch)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                var end = FieldList.EndOfMember(rest, escapes: false, out _);
                if (this == OfTag(key, rest[..end]))
                {
                    return true;
                }

                rest = end < rest.Length ? rest[(end + 1)..] : default;
            }
        }

        return false;
    }

    private static ResourceVersion Hash(ResourceKey key, Kind kind, ReadOnlySpan<byte> validator) =>
        new(XxHash3.HashToUInt64(validator, unchecked((long)(key.Value + ((ulong)kind * KindStep)))));
}
