using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Fields;

namespace PushProxy.Model;

/// <summary>
/// Identifies a version of a resource by 64 bits: a hash of the resource's key and of its ETag, else Last-Modified (RFC 9110 §8.8), else
/// its content. The hash is the same in every instance and after every restart.
/// </summary>
internal readonly record struct ResourceVersion(ulong Value)
{
    /// <summary>
    /// The step between the hash seeds of the kinds of validators. It is odd, so that different kinds get different hashes.
    /// </summary>
    private const ulong KindStep = 0x9E3779B97F4A7C15;

    private static readonly string[] CodingSuffixes = ["-gzip\"", "-br\"", "-zstd\""];

    private enum Kind
    {
        Tag,
        Date,
        Content,
    }

    /// <summary>
    /// Returns the version by the validator in a response. It is null if the response has no validator; then the content tells the version
    /// (<see cref="OfContent"/>).
    /// </summary>
    public static ResourceVersion? Of(ResourceKey key, IHeaderDictionary response) =>
        response.ETag is [{ Length: > 0 } tag] ? OfTag(key, tag)
        : response.LastModified is [{ Length: > 0 } date] ? OfLastModified(key, date)
        : null;

    /// <summary>
    /// Returns the version that an entity tag names. A strong tag and a weak tag with the same text are one version: If-None-Match compares
    /// them so (RFC 9110 §8.8.3.2), and servers weaken a tag when they compress.
    /// </summary>
    public static ResourceVersion OfTag(ResourceKey key, ReadOnlySpan<char> tag)
    {
        tag = tag.Trim(" \t");
        tag = tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;

        // Apache writes the content coding into the tag: one client gets "1a-gzip" and another gets "1a".
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

    /// <summary>
    /// Returns the version that a Last-Modified date names. The date is compared as text, because If-Modified-Since repeats it unchanged
    /// (RFC 9110 §13.1.3).
    /// </summary>
    public static ResourceVersion OfLastModified(ResourceKey key, ReadOnlySpan<char> date) =>
        Hash(key, Kind.Date, MemoryMarshal.AsBytes(date.Trim(" \t")));

    public static ResourceVersion OfContent(ResourceKey key, UInt128 contentHash) =>
        Hash(key, Kind.Content, MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in contentHash)));

    /// <summary>Returns whether a conditional request says that the client has this version (RFC 9110 §13.1.2, §13.1.3).</summary>
    public bool IsNamedBy(ResourceKey key, IHeaderDictionary request)
    {
        // If-None-Match overrides If-Modified-Since.
        if (request.IfNoneMatch.Count == 0)
        {
            return request.IfModifiedSince is [{ Length: > 0 } date] && this == OfLastModified(key, date);
        }

        foreach (var line in request.IfNoneMatch)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                if (this == OfTag(key, FieldList.Next(ref rest, escapes: false, out _)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static ResourceVersion Hash(ResourceKey key, Kind kind, ReadOnlySpan<byte> validator) =>
        new(XxHash3.HashToUInt64(validator, unchecked((long)(key.Value + ((ulong)kind * KindStep)))));
}
