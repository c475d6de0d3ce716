using System.Buffers.Binary;
using System.Text;

namespace PushProxy.Load.Soak.Wire;

/// <summary>Octets of HTTP/2 frames (RFC 9113 §6), right ones and wrong ones: nothing is checked here.</summary>
internal static class Frames
{
    public const byte Data =
        0, Headers = 1, Priority = 2, Reset = 3, Settings = 4, PushPromise = 5, Ping = 6, GoAway = 7, WindowUpdate = 8, Continuation = 9;

    public const byte EndStream = 1, EndHeaders = 4;

    /// <summary>What a client begins with (§3.4).</summary>
    public static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    /// <summary>Any frame.</summary>
    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload) =>
        Frame(type, flags, stream, payload, payload.Length);

    /// <summary>A frame that says a length of its own.</summary>
    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload, int length)
    {
        var bytes = new byte[9 + payload.Length];
        (bytes[0], bytes[1], bytes[2], bytes[3], bytes[4]) = ((byte)(length >> 16), (byte)(length >> 8), (byte)length, type, flags);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), stream);
        payload.CopyTo(bytes.AsSpan(9));
        return bytes;
    }

    /// <summary>SETTINGS.</summary>
    public static byte[] SettingsOf(params (int Id, uint Value)[] settings)
    {
        var payload = new byte[6 * settings.Length];
        for (var i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(6 * i), (ushort)settings[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan((6 * i) + 2), settings[i].Value);
        }

        return Frame(Settings, 0, 0, payload);
    }

    /// <summary>WINDOW_UPDATE and RST_STREAM: four octets.</summary>
    public static byte[] Number(byte type, int stream, uint value)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(payload, value);
        return Frame(type, 0, stream, payload);
    }

    /// <summary>A GET as HEADERS.</summary>
    public static byte[] Get(int stream, string authority, string path, params ReadOnlySpan<(string Name, string Value)> fields) =>
        Frame(Headers, EndStream | EndHeaders, stream, GetBlock(authority, path, fields));

    /// <summary>The header block of a GET: literals without indexing (RFC 7541 §6.2.2), no table, no Huffman.</summary>
    public static byte[] GetBlock(string authority, string path, params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var block = new MemoryStream();
        Write(block, ":method", "GET");
        Write(block, ":scheme", "https");
        Write(block, ":authority", authority);
        Write(block, ":path", path);
        foreach (var (name, value) in fields)
        {
            Write(block, name, value);
        }

        return block.ToArray();
    }

    /// <summary>A field for a header block.</summary>
    public static byte[] Field(string name, string value)
    {
        var block = new MemoryStream();
        Write(block, name, value);
        return block.ToArray();
    }

    private static void Write(MemoryStream block, string name, string value)
    {
        block.WriteByte(0);
        WriteText(block, name);
        WriteText(block, value);
    }

    private static void WriteText(MemoryStream block, string text)
    {
        // An integer with a prefix of 7 bits (RFC 7541 §5.1).
        var length = text.Length;
        if (length < 127)
        {
            block.WriteByte((byte)length);
        }
        else
        {
            block.WriteByte(127);
            for (length -= 127; length >= 128; length >>= 7)
            {
                block.WriteByte((byte)(length | 128));
            }

            block.WriteByte((byte)length);
        }

        block.Write(Encoding.Latin1.GetBytes(text));
    }
}
