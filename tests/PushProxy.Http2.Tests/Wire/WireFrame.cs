using System.Buffers.Binary;
using System.Text;

namespace PushProxy.Http2.Tests.Wire;

/// <summary>A frame as the tests write and read it; independent of the library's own reading of frames.</summary>
internal sealed record WireFrame(string Type, byte Flags, int Stream, byte[] Payload)
{
    private static readonly string[] s_types =
        ["DATA", "HEADERS", "PRIORITY", "RST_STREAM", "SETTINGS", "PUSH_PROMISE", "PING", "GOAWAY", "WINDOW_UPDATE", "CONTINUATION"];

    public const byte EndStream = 1;
    public const byte Ack = 1;
    public const byte EndHeaders = 4;

    /// <summary>The fields, if this frame begins a header block (all of it, CONTINUATIONs included).</summary>
    public IReadOnlyList<(string Name, string Value)> Fields { get; init; } = [];

    public bool IsEnd => Type is "DATA" or "HEADERS" && (Flags & EndStream) != 0;

    public bool IsAck => Type is "SETTINGS" or "PING" && (Flags & Ack) != 0;

    public string? this[string field] => Fields.FirstOrDefault(f => f.Name == field).Value;

    public int Number => (int)(BinaryPrimitives.ReadUInt32BigEndian(Payload) & 0x7fff_ffff);

    public int Error => BinaryPrimitives.ReadInt32BigEndian(Payload.AsSpan(Type == "GOAWAY" ? 4 : 0));

    /// <summary>One line of a wire trace.</summary>
    public override string ToString() => Type switch
    {
        "HEADERS" => $"HEADERS {Stream} {this[":status"] ?? "trailers"}{(IsEnd ? " END" : "")}",
        "DATA" => $"DATA {Stream} {Payload.Length}{(IsEnd ? " END" : "")}",
        "PUSH_PROMISE" => $"PUSH_PROMISE {Stream} -> {Number} {this[":method"]} {this[":path"]}",
        "RST_STREAM" => $"RST_STREAM {Stream} {Error}",
        "GOAWAY" => $"GOAWAY {Number} {Error}",
        "WINDOW_UPDATE" => $"WINDOW_UPDATE {Stream} {Number}",
        _ => $"{Type} {Stream}{(IsAck ? " ACK" : "")}",
    };

    public byte[] ToBytes()
    {
        var bytes = new byte[9 + Payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, Payload.Length << 8);
        bytes[3] = Type == "PRIORITY_UPDATE" ? (byte)0x10 : (byte)Array.IndexOf(s_types, Type);
        bytes[4] = Flags;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), Stream);
        Payload.CopyTo(bytes.AsSpan(9));
        return bytes;
    }

    public static WireFrame Read(ReadOnlySpan<byte> header, byte[] payload) => new(
        header[3] < s_types.Length ? s_types[header[3]] : $"TYPE_{header[3]}",
        header[4],
        (int)(BinaryPrimitives.ReadUInt32BigEndian(header[5..]) & 0x7fff_ffff),
        payload);

    // What a client writes.
    public static WireFrame Settings(params (int Id, uint Value)[] values)
    {
        var payload = new byte[values.Length * 6];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt16BigEndian(payload.AsSpan(i * 6), (short)values[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan((i * 6) + 2), values[i].Value);
        }

        return new WireFrame("SETTINGS", 0, 0, payload);
    }

    public static WireFrame SettingsAck { get; } = new("SETTINGS", Ack, 0, []);

    public static WireFrame Get(int stream, string path, params (string Name, string Value)[] more) => Request(stream, "GET", path, end: true, more);

    public static WireFrame GetOverTls(int stream, string path)
        => new("HEADERS", EndHeaders | EndStream, stream, Block((":method", "GET"), (":scheme", "https"), (":authority", "push.test"), (":path", path)));

    public static WireFrame Request(int stream, string method, string path, bool end, params (string Name, string Value)[] more)
        => new("HEADERS", (byte)(EndHeaders | (end ? EndStream : 0)), stream, Block([(":method", method), (":scheme", "http"), (":authority", "push.test"), (":path", path), .. more]));

    public static WireFrame Data(int stream, int length, bool end = false) => new("DATA", end ? EndStream : (byte)0, stream, new byte[length]);

    public static WireFrame Reset(int stream, int error = 8) => new("RST_STREAM", 0, stream, Int(error));

    public static WireFrame Window(int stream, int increment) => new("WINDOW_UPDATE", 0, stream, Int(increment));

    public static WireFrame Ping(long payload = 0)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, payload);
        return new WireFrame("PING", 0, 0, bytes);
    }

    public static WireFrame Priority(int stream, int dependsOn) => new("PRIORITY", 0, stream, [.. Int(dependsOn), 15]);

    public static WireFrame PriorityUpdate(int named) => new("PRIORITY_UPDATE", 0, 0, [.. Int(named), .. "u=1"u8]);

    public static WireFrame GoAway(int last = 0) => new("GOAWAY", 0, 0, [.. Int(last), .. Int(0)]);

    /// <summary>A header block of literals without indexing, names and values in full.</summary>
    public static byte[] Block(params (string Name, string Value)[] fields)
    {
        var bytes = new List<byte>();
        foreach (var (name, value) in fields)
        {
            bytes.Add(0);
            foreach (var text in (string[])[name, value])
            {
                bytes.Add((byte)Math.Min(text.Length, 127));
                for (var rest = text.Length - 127; rest >= 0; rest = rest >= 128 ? rest >> 7 : -1)
                {
                    bytes.Add((byte)(rest >= 128 ? rest | 128 : rest));
                }

                bytes.AddRange(Encoding.Latin1.GetBytes(text));
            }
        }

        return [.. bytes];
    }

    private static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
