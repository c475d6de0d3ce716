using System.Text;

namespace PushProxy.Forwarding.Beacon;

/// <summary>
/// What a browser tells of one page view, in milliseconds since it asked for the page: <c>fcp lcp ttfb interim path</c>, with <c>-</c> for
/// what it does not know. Anybody may write one, so it is read strictly.
/// </summary>
/// <param name="Path">The path of the page, as the browser asks for it.</param>
/// <param name="Fcp">First Contentful Paint.</param>
/// <param name="Lcp">Largest Contentful Paint.</param>
/// <param name="Ttfb">The first byte of the final response.</param>
/// <param name="Interim">The first byte of the first interim response.</param>
internal sealed record BeaconRecord(string Path, int? Fcp, int? Lcp, int? Ttfb, int? Interim)
{
    /// <summary>The maximum length, in bytes.</summary>
    public const int MaxBytes = 256;

    /// <summary>The largest time. A longer one counts as this.</summary>
    public const int MaxTime = 60_000;

    private const int MaxDigits = 8;

    /// <summary>Reads a record. Returns null if it is none, or if its times can't be: nothing is painted before it came.</summary>
    public static BeaconRecord? Parse(ReadOnlySpan<byte> text)
    {
        Span<int?> times = stackalloc int?[4];
        for (var i = 0; i < times.Length; i++)
        {
            var end = text.IndexOf((byte)' ');
            if (end < 0 || !TryReadTime(text[..end], out times[i]))
            {
                return null;
            }

            text = text[(end + 1)..];
        }

        if (text is not [(byte)'/', ..] || text.Length > MaxBytes || text.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            return null;
        }

        var record = new BeaconRecord(Encoding.ASCII.GetString(text), times[0], times[1], times[2], times[3]);
        return record.IsPossible ? record : null;
    }

    private bool IsPossible => Ttfb is { } ttfb && !(Interim > ttfb) && !(Fcp < ttfb)
        && (Lcp is null || (Fcp is { } fcp && Lcp >= fcp));

    private static bool TryReadTime(ReadOnlySpan<byte> text, out int? time)
    {
        time = null;
        if (text is [(byte)'-'])
        {
            return true;
        }

        if (text.Length is 0 or > MaxDigits || text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        var value = 0;
        foreach (var digit in text)
        {
            value = (value * 10) + (digit - '0');
        }

        time = Math.Min(value, MaxTime);
        return true;
    }
}
