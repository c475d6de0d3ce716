using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace PushProxy.Forwarding.Beacon;

/// <summary>
/// The script, where it is, and the tag that names it. Its name has its own hash, so that it may be kept for ever, and one of the page's
/// route. Beacons go to where it came from.
/// </summary>
internal static class BeaconScript
{
    /// <summary>What its paths begin with.</summary>
    public const string Prefix = "/.well-known/pushproxy/beacon-";

    private const string Ending = ".js";

    /// <summary>The length of both hashes.</summary>
    private const int HashLength = 10;

    /// <summary>The script.</summary>
    public static byte[] Bytes { get; } = Read();

    /// <summary>Its hash.</summary>
    public static string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Bytes))[..HashLength];

    /// <summary>Returns where the pages of a route have it.</summary>
    public static string PathFor(string route) => $"{Prefix}{Hash}-{RouteHash(route)}{Ending}";

    /// <summary>Returns what stands for a route in a path. What routes are called is nobody's business.</summary>
    public static string RouteHash(string route) =>
        XxHash3.HashToUInt64(MemoryMarshal.AsBytes(route.AsSpan())).ToString("x16", null)[..HashLength];

    /// <summary>Reads such a path.</summary>
    /// <param name="path">Any path.</param>
    /// <param name="route">What stands for the route.</param>
    /// <param name="isCurrent">Whether the path is that of this very script, and not of an older one.</param>
    public static bool TryReadPath(string? path, [NotNullWhen(true)] out string? route, out bool isCurrent)
    {
        (route, isCurrent) = (null, false);
        if (path is null || !path.StartsWith(Prefix, StringComparison.Ordinal) || !path.EndsWith(Ending, StringComparison.Ordinal))
        {
            return false;
        }

        var name = path.AsSpan(Prefix.Length, Math.Max(0, path.Length - Prefix.Length - Ending.Length));
        if (name.Length != (2 * HashLength) + 1 || name[HashLength] != '-')
        {
            return false;
        }

        route = name[(HashLength + 1)..].ToString();
        isCurrent = name[..HashLength].SequenceEqual(Hash);
        return true;
    }

    /// <summary>Returns the tag.</summary>
    /// <param name="path">Where the script is.</param>
    /// <param name="nonce">The nonce that the page's policy wants; null if it wants none.</param>
    public static byte[] Tag(string path, string? nonce) => Encoding.ASCII.GetBytes(
        $"<script async fetchpriority=low src={path}{(nonce is null ? "" : $" nonce=\"{nonce}\"")}></script>");

    private static byte[] Read()
    {
        using var file = typeof(BeaconScript).Assembly.GetManifestResourceStream("beacon.js")!;
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
