using System.Buffers.Binary;
using System.IO.Hashing;

namespace PushProxy.Knowledge.Saved;

/// <summary>
/// The format of a file of kept knowledge: a head, then records. Each has a kind, a key, and a text. The last one holds a hash of all
/// others. Nothing is compressed: that would take more time at the start than all the rest (docs/decisions/0005-kept-knowledge.md).
/// </summary>
internal static class RecordFile
{
    /// <summary>The version of the format. Files of another one are not read.</summary>
    public const int Version = 1;

    /// <summary>The longest record, in bytes. A longer one is not kept.</summary>
    public const int MaxRecord = 1024 * 1024;

    private const int FrameSize = 1 + 16 + 4;

    private static ReadOnlySpan<byte> Magic => "PushProxy knowledge\n"u8;

    /// <summary>Writes records, one after the other.</summary>
    public sealed class Writer
    {
        private readonly Stream _file;
        private readonly XxHash3 _hash = new();

        public Writer(Stream file)
        {
            Span<byte> version = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(version, Version);
            file.Write(Magic);
            file.Write(version);
            _file = file;
        }

        public void Write(SavedKind kind, UInt128 key, ReadOnlySpan<byte> text)
        {
            if (text.Length > MaxRecord)
            {
                return;
            }

            Span<byte> frame = stackalloc byte[FrameSize];
            frame[0] = (byte)kind;
            BinaryPrimitives.WriteUInt128LittleEndian(frame[1..], key);
            BinaryPrimitives.WriteInt32LittleEndian(frame[17..], text.Length);
            _file.Write(frame);
            _file.Write(text);
            _hash.Append(frame);
            _hash.Append(text);
        }

        /// <summary>Writes the end. A file without it is damaged.</summary>
        public void Complete() => Write(SavedKind.End, _hash.GetCurrentHashAsUInt64(), []);
    }

    /// <summary>Reads all records of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="maxBytes">The maximum size of the file. A larger one is not one of ours.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or not a file of this version. The message says so.</exception>
    public static IReadOnlyList<(SavedKind Kind, UInt128 Key, ReadOnlyMemory<byte> Text)> Read(Stream file, long maxBytes)
    {
        Span<byte> head = stackalloc byte[Magic.Length + 4];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.StartsWith(Magic))
        {
            throw new InvalidDataException("it is no file of kept knowledge");
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(head[Magic.Length..]) is var version and not Version)
        {
            throw new InvalidDataException($"it has version {version}, and this program reads version {Version}");
        }

        if (file.Length > maxBytes)
        {
            throw new InvalidDataException("it is larger than anything that this program keeps");
        }

        var all = new byte[file.Length - file.Position].AsMemory();
        file.ReadExactly(all.Span);
        var records = new List<(SavedKind, UInt128, ReadOnlyMemory<byte>)>();
        for (var at = 0; at + FrameSize <= all.Length;)
        {
            var frame = all.Span.Slice(at, FrameSize);
            var (kind, key) = ((SavedKind)frame[0], BinaryPrimitives.ReadUInt128LittleEndian(frame[1..]));
            var length = BinaryPrimitives.ReadInt32LittleEndian(frame[17..]);
            if (kind == SavedKind.End)
            {
                return key == XxHash3.HashToUInt64(all.Span[..at]) ? records : throw Damaged();
            }

            if (length < 0 || length > all.Length - at - FrameSize)
            {
                throw Damaged();
            }

            records.Add((kind, key, all.Slice(at + FrameSize, length)));
            at += FrameSize + length;
        }

        throw Damaged();
    }

    private static InvalidDataException Damaged() => new("it is damaged");
}
