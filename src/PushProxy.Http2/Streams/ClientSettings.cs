using System.Buffers;
using PushProxy.Http2.Frames;
using PushProxy.Http2.HeaderBlocks;

namespace PushProxy.Http2.Streams;

/// <summary>What the client's SETTINGS (RFC 9113 §6.5.2) mean for what is written to it.</summary>
internal sealed class ClientSettings
{
    private const uint DefaultTableSize = 4_096;
    private readonly Queue<uint?> _unacknowledged = new(0);
    private uint _allowedTableSize = DefaultTableSize;
    private uint _smallestSinceBlock = DefaultTableSize;
    private uint _toldTableSize = DefaultTableSize;

    // "The initial value of SETTINGS_ENABLE_PUSH is 1."
    public bool EnablePush { get; private set; } = true;

    // "Initially, there is no limit to this value."
    public uint MaxConcurrentStreams { get; private set; } = uint.MaxValue;

    /// <summary>
    /// Reads a SETTINGS frame of the client. What it forbids is obeyed at once, although the client can insist on it only after the ACK.
    /// </summary>
    public void Received(ReadOnlySequence<byte> payload)
    {
        uint? tableSize = null;
        var reader = new SequenceReader<byte>(payload);
        while (reader.TryReadBigEndian(out short id) && reader.TryReadBigEndian(out int value))
        {
            switch ((SettingId)(ushort)id)
            {
                case SettingId.EnablePush:
                    EnablePush = value == 1;
                    break;
                case SettingId.MaxConcurrentStreams:
                    MaxConcurrentStreams = (uint)value;
                    break;
                case SettingId.HeaderTableSize:
                    tableSize = (uint)value;
                    break;
                default:
                    break; // INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE, MAX_HEADER_LIST_SIZE: Kestrel keeps them; frames made here are small.
            }
        }

        _unacknowledged.Enqueue(tableSize);
    }

    /// <summary>Kestrel's ACK passes on its way out: from here on the client's decoder expects what it has announced.</summary>
    public void Acknowledged()
    {
        if (_unacknowledged.TryDequeue(out var tableSize) && tableSize is { } size)
        {
            _allowedTableSize = size;
            _smallestSinceBlock = Math.Min(_smallestSinceBlock, size);
        }
    }

    /// <summary>A block has been written: it began with the size update, if one was due.</summary>
    public void BlockWritten()
    {
        _toldTableSize = _allowedTableSize;
        _smallestSinceBlock = _allowedTableSize;
    }

    /// <summary>
    /// False after the table shrank and grew again with no block in between. RFC 7541 §4.2 requires the smallest size to be signalled
    /// too, but Kestrel signals, and evicts to, the last one only. Until Kestrel has written a block, a block of ours would make the
    /// two tables differ.
    /// </summary>
    public bool CanWriteBlock => _smallestSinceBlock >= _toldTableSize || _smallestSinceBlock == _allowedTableSize;

    /// <summary>
    /// What our own block has to begin with. RFC 7541 §4.2: "This dynamic table size update MUST occur at the beginning of the
    /// first header block following the change". Kestrel's next block repeats it, which is allowed. Should Kestrel's own table
    /// be smaller than told, that is harmless: entries are counted from the newest.
    /// </summary>
    public byte[] TakeDueSizeUpdate()
    {
        if (_smallestSinceBlock >= _toldTableSize)
        {
            return [];
        }

        var update = new ArrayBufferWriter<byte>(16);
        HpackWriter.WriteSizeUpdate(update, _allowedTableSize);
        BlockWritten();
        return update.WrittenSpan.ToArray();
    }
}
