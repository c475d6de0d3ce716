using PushProxy.Http2.Tests.Wire;

namespace PushProxy.Http2.Tests.Fuzz;

/// <summary>
/// Any bytes whatever, from either side, through a connection with a stand-in for Kestrel behind it. Nothing may be thrown,
/// hang, or come out other than it went in, but for stream numbers.
/// </summary>
public static class FuzzTargets
{
    /// <summary>From the client. The first octet says whether there is a preface, whether something was pushed before, and how reads are cut.</summary>
    public static void FromClient(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        using var bench = new HandDriven(push: (input[0] & 1) != 0, preface: (input[0] & 3) != 0);
        var bytes = input[1..].ToArray();
        var seen = bench.SendFromClient(bytes, chunk: 1 + (input[0] >> 2));
        if (bench.Connection.State.Translates)
        {
            Require(Skeleton(seen).SequenceEqual(Skeleton(bytes)), "Frames were lost, added or changed.");
        }
        else
        {
            Require(Masked(bytes).AsSpan().StartsWith(Masked(seen)), "Octets were changed though nothing is translated.");
            Require(bytes.Length - seen.Length < 9 + 16_384, "More than one unfinished frame was kept back.");
        }
    }

    /// <summary>From the server. The first octet says whether something was pushed before, and how writes are cut.</summary>
    public static void FromServer(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        using var bench = new HandDriven(push: (input[0] & 1) != 0, preface: true);
        var bytes = input[1..].ToArray();
        var seen = bench.WriteFromServer(bytes, chunk: 1 + (input[0] >> 1));
        if (bench.Connection.State.Translates)
        {
            // After RST_STREAM of a pushed stream nothing more of it is let through: what is seen is part of what was written.
            using var written = Skeleton(bytes).GetEnumerator();
            foreach (var frame in Skeleton(seen))
            {
                bool more;
                while ((more = written.MoveNext()) && written.Current != frame)
                {
                }

                Require(more, "A frame was added or changed.");
            }
        }
        else
        {
            Require(bytes.AsSpan().StartsWith(seen), "Octets were changed though nothing is translated.");
            Require(bytes.Length - seen.Length < 300, "More than the start of a frame was kept back.");
        }
    }

    /// <summary>Bytes as above, but mostly made of frames with sensible headers, which goes deeper.</summary>
    public static byte[] Frames(Random random)
    {
        var bytes = new List<byte> { (byte)random.Next(256) };
        for (var i = random.Next(12); i >= 0; i--)
        {
            var payload = new byte[random.Next(4) switch { 0 => 0, 1 => random.Next(10), 2 => 4 + random.Next(2), _ => random.Next(400) }];
            random.NextBytes(payload);
            if (random.Next(3) == 0 && payload.Length >= 4)
            {
                payload.AsSpan(0, 3).Clear();
            }

            var type = random.Next(20) == 0 ? random.Next(256) : random.Next(11) + (random.Next(11) / 10 * 6);
            var length = random.Next(30) == 0 ? random.Next(1 << 24) : payload.Length;
            bytes.AddRange([(byte)(length >> 16), (byte)(length >> 8), (byte)length, (byte)type, (byte)(random.Next(4) == 0 ? random.Next(256) : random.Next(6))]);
            bytes.AddRange([(byte)(random.Next(9) == 0 ? random.Next(256) : 0), 0, 0, (byte)random.Next(12)]);
            bytes.AddRange(payload);
        }

        return random.Next(3) == 0 ? [.. bytes.Take(random.Next(bytes.Count + 1))] : [.. bytes];
    }

    // What translation leaves alone: lengths, types and flags, as far as frames are whole and of a size that is read.
    private static List<int> Skeleton(ReadOnlySpan<byte> bytes)
    {
        var skeleton = new List<int>();
        while (bytes.Length >= 9)
        {
            var length = (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
            if (length > 16_384 || bytes.Length < 9 + length)
            {
                break;
            }

            skeleton.Add(HashCode.Combine(length, bytes[3], bytes[4]));
            bytes = bytes[(9 + length)..];
        }

        return skeleton;
    }

    // A PRIORITY_UPDATE that names an idle push is made an error for Kestrel by its stream number.
    private static byte[] Masked(byte[] bytes)
    {
        var masked = bytes.ToArray();
        for (var rest = masked.AsSpan(); rest.Length >= 9;)
        {
            if (rest[3] == 0x10)
            {
                rest.Slice(5, 4).Clear();
            }

            rest = rest[Math.Min(rest.Length, 9 + ((rest[0] << 16) | (rest[1] << 8) | rest[2]))..];
        }

        return masked;
    }

    private static void Require(bool holds, string what) => WireException.ThrowIf(!holds, what);
}
