using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Model;

namespace PushProxy.Forwarding.Beacon;

/// <summary>
/// The pages that were sent with a tag and have not been answered by a record. A record counts only against one of these, of the same
/// network, browser name and path, and only once. So nobody has more records than views. Only hashes are kept, in a table of fixed size: a
/// network that asks for very many pages forgets its own.
/// </summary>
internal sealed class OpenTags
{
    /// <summary>How many of one network are kept.</summary>
    public const int PerNetwork = 64;

    /// <summary>Networks that share a place share its room.</summary>
    private const int Places = 1024;

    private readonly Lock _lock = new();
    private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    private readonly byte[] _next = new byte[Places];

    // Half a megabyte, which only those need who want it.
    private ulong[]? _tags;

    /// <summary>Returns the path of a request, as the client wrote it.</summary>
    public static ReadOnlySpan<char> PathOf(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        var mark = target.IndexOf('?');
        return mark < 0 ? target : target[..mark];
    }

    /// <summary>Notes that a page leaves with a tag.</summary>
    public void Add(HttpContext http)
    {
        var (place, hash) = HashOf(http, PathOf(http));
        lock (_lock)
        {
            _tags ??= new ulong[Places * PerNetwork];
            _tags[(place * PerNetwork) + _next[place]] = hash;
            _next[place] = (byte)((_next[place] + 1) % PerNetwork);
        }
    }

    /// <summary>Returns whether a record is about such a page. It is then about it no more.</summary>
    /// <param name="http">The request that brings the record.</param>
    /// <param name="path">The path that it names.</param>
    public bool TryTake(HttpContext http, ReadOnlySpan<char> path)
    {
        var (place, hash) = HashOf(http, path);
        lock (_lock)
        {
            var tags = _tags.AsSpan();
            tags = tags.IsEmpty ? tags : tags.Slice(place * PerNetwork, PerNetwork);
            var at = tags.IndexOf(hash);
            if (at < 0)
            {
                return false;
            }

            tags[at] = 0;
            return true;
        }
    }

    private (int Place, ulong Hash) HashOf(HttpContext http, ReadOnlySpan<char> path)
    {
        var network = AddressPrefix.NetworkOf(http.Connection.RemoteIpAddress);
        var hash = new XxHash3(_seed);
        hash.Append(MemoryMarshal.AsBytes([network.Bits, (ulong)network.Version]));
        var place = (int)(hash.GetCurrentHashAsUInt64() % Places);
        Append(hash, http.Request.Headers.UserAgent.ToString());
        Append(hash, http.Request.Host.Value);
        Append(hash, path);

        // Nothing is an empty place.
        return (place, hash.GetCurrentHashAsUInt64() | 1);
    }

    private static void Append(XxHash3 hash, ReadOnlySpan<char> text)
    {
        hash.Append(MemoryMarshal.AsBytes([text.Length]));
        hash.Append(MemoryMarshal.AsBytes(text));
    }
}
