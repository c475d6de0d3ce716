using System.Security.Cryptography;

namespace PushProxy.Load.Soak.Probes;

/// <summary>Cookie fields no browser would send: above all values of the proxy's own cookie that nobody gave.</summary>
internal static class Cookies
{
    private const string Own = "__Host-pushproxy";

    /// <summary>How many kinds there are.</summary>
    public const int Kinds = 10;

    /// <summary>One of any kind.</summary>
    public static string Any() => Of(Random.Shared.Next(Kinds));

    /// <summary>One of a kind. A field of 8 kB is the longest: servers refuse what is much longer, and rightly.</summary>
    public static string Of(int kind) => kind switch
    {
        0 => $"{Own}={Noise(60)}",
        1 => $"{Own}={Version1(40)}",
        2 => $"{Own}=",
        3 => $"{Own}={Noise(6000)}",
        4 => $"{Own}={Version1(700)}; {Own}={Version1(20)}; other=1",
        5 => string.Join("; ", Enumerable.Range(0, 100).Select(static i => $"{Own}={Noise(6)}; c{i}={i}")),
        6 => $"; ;=; ={Own}; {Own}; {Own}=%00%ff\"\\,; a",
        7 => $"{Own}=\"{Version1(30)}\"",
        8 => $"a=b; {Own}={new string('A', 1024)}",
        _ => $"{Own}={new string('_', 200)}; session={Noise(20)}",
    };

    // Begins as one that is right, so that reading gets past the first octet.
    private static string Version1(int length) => Text([1, .. RandomNumberGenerator.GetBytes(length - 1)]);

    private static string Noise(int length) => Text(RandomNumberGenerator.GetBytes(length));

    private static string Text(byte[] octets) => Convert.ToBase64String(octets).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
