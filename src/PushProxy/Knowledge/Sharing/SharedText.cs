using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PushProxy.Knowledge.Saved;

namespace PushProxy.Knowledge.Sharing;

/// <summary>
/// How a record is written for other instances: the version of the format, a hash of the limits by which this instance learns, then
/// compressed JSON. What is learned by other limits is left alone, as is what has another format.
/// </summary>
/// <param name="rules">The limits.</param>
internal sealed class SharedText(SavedRules rules)
{
    /// <summary>The version of the format. Records of another one are left alone.</summary>
    public const byte Version = 1;

    /// <summary>Little texts are hardly smaller when they took longer.</summary>
    private const int Quality = 1;

    private const int Window = 18;

    private const int HeadSize = 1 + sizeof(uint);

    private readonly uint _rules = (uint)XxHash3.HashToUInt64(JsonSerializer.SerializeToUtf8Bytes(rules, SavedJson.Default.SavedRules));

    public byte[] Write<T>(T value, JsonTypeInfo<T> type) => Pack(JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>Returns the record that holds a JSON.</summary>
    public byte[] Pack(ReadOnlySpan<byte> json)
    {
        var text = new byte[HeadSize + BrotliEncoder.GetMaxCompressedLength(json.Length)];
        text[0] = Version;
        BinaryPrimitives.WriteUInt32LittleEndian(text.AsSpan(1), _rules);
        BrotliEncoder.TryCompress(json, text.AsSpan(HeadSize), out var written, Quality, Window);
        return text[..(HeadSize + written)];
    }

    /// <summary>Reads a record.</summary>
    /// <param name="text">The record.</param>
    /// <param name="type">What it holds.</param>
    /// <param name="isOther">Whether it is of another version, or was learned by other limits.</param>
    /// <returns>Null if it is of another version, or not valid.</returns>
    public T? Read<T>(ReadOnlySpan<byte> text, JsonTypeInfo<T> type, out bool isOther)
        where T : class
    {
        isOther = text is [not Version, ..] || (text.Length >= HeadSize && !IsByTheseRules(text));
        if (isOther || Unpack(text) is not { } json)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Returns the JSON of a record; null if it is not valid.</summary>
    public byte[]? Unpack(ReadOnlySpan<byte> text)
    {
        if (text.Length < HeadSize || text[0] != Version || !IsByTheseRules(text))
        {
            return null;
        }

        var packed = text[HeadSize..];

        for (var size = Math.Max(1024, 8 * packed.Length); ; size *= 4)
        {
            var json = new byte[Math.Min(size, RecordFile.MaxRecord)];
            if (BrotliDecoder.TryDecompress(packed, json, out var written))
            {
                return json[..written];
            }

            // Either there is not enough room, or it is not valid.
            if (size >= RecordFile.MaxRecord)
            {
                return null;
            }
        }
    }

    private bool IsByTheseRules(ReadOnlySpan<byte> text) => BinaryPrimitives.ReadUInt32LittleEndian(text[1..]) == _rules;
}
