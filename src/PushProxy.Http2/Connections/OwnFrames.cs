using System.Buffers;

namespace PushProxy.Http2.Connections;

/// <summary>Frames of our own on their way to Kestrel, until it has consumed them.</summary>
internal sealed class OwnFrames(ConnectionState state)
{
    private readonly IncomingWriter _writer = new(state);
    private ArrayBufferWriter<byte>? _frames;
    private int _consumed;

    public bool Any => _frames is not null;

    /// <summary>Kestrel is looking at them now.</summary>
    public bool Shown { get; private set; }

    /// <summary>Whether something waits for Kestrel, and may be written now: at a frame boundary, outside a header block.</summary>
    public bool AreDue =>
        state.HasWorkForKestrel && state.Phase == ConnectionPhase.Frames && !state.ClientInHeaderBlock && !state.ClientBroken;

    public void WriteDue()
    {
        var frames = new ArrayBufferWriter<byte>(64);
        _writer.WriteAll(frames);
        _frames = frames.WrittenCount > 0 ? frames : null;
    }

    public ReadOnlySequence<byte> Show()
    {
        Shown = true;
        return new ReadOnlySequence<byte>(_frames!.WrittenMemory[_consumed..]);
    }

    public void ConsumedTo(SequencePosition position)
    {
        // The sequence is one array, and its positions are indexes of it; the highest bit is a mark of the sequence's own.
        _consumed = position.GetInteger() & int.MaxValue;
        Shown = false;
        if (_consumed == _frames!.WrittenCount)
        {
            _frames = null;
            _consumed = 0;
        }
    }
}
