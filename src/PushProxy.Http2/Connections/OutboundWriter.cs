using System.Buffers;
using System.IO.Pipelines;
using PushProxy.Http2.Frames;

namespace PushProxy.Http2.Connections;

/// <summary>
/// What Kestrel writes to. It looks at frame headers in the memory Kestrel was lent and rewrites them there; content is never
/// copied. Kestrel calls it under its own write lock, so that all that is written in <see cref="Advance"/> is in order.
/// </summary>
internal sealed class OutboundWriter(PipeWriter inner, ConnectionState state, Action kestrelHasWork) : PipeWriter
{
    private readonly ServerFrames _frames = new(state);
    private readonly OutgoingWriter _outgoing = new(state);
    private Memory<byte> _lent;
    private byte[] _held = [];
    private int _heldLength;
    private int _payloadLeft;
    private bool _dropping;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    /// <summary>Lends memory of the transport. If part of a frame's start is still held back, room for it is left in front.</summary>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_heldLength == 0)
        {
            return _lent = inner.GetMemory(sizeHint);
        }

        _lent = inner.GetMemory(_heldLength + Math.Max(1, sizeHint));
        return _lent[_heldLength..];
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (_heldLength == 0 && bytes <= _payloadLeft && !_dropping)
        {
            _payloadLeft -= bytes;
            inner.Advance(bytes);
            return;
        }

        if (state.Phase is ConnectionPhase.PassThrough or ConnectionPhase.Preface)
        {
            inner.Advance(bytes);
            return;
        }

        if (!IsSimple(bytes))
        {
            Examine(bytes);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    // Kestrel writes the header of a frame by itself: nearly always there is nothing to do but look at it.
    private bool IsSimple(int bytes)
    {
        if (bytes != FrameHeader.Size || _heldLength != 0 || _payloadLeft != 0 || state.HasOutgoing)
        {
            return false;
        }

        var start = _lent.Span[..FrameHeader.Size];
        var header = FrameHeader.Read(start);
        if (ServerFrames.Needed(header) != FrameHeader.Size || header.Type == FrameType.Ping)
        {
            return false;
        }

        _dropping = !Judge(header, start);
        _payloadLeft = header.Length;
        inner.Advance(_dropping ? 0 : FrameHeader.Size);
        if (_dropping)
        {
            _dropping = header.Length > 0;
            kestrelHasWork();
        }

        return true;
    }

    private void Examine(int bytes)
    {
        var span = _lent.Span[..(_heldLength + bytes)];
        _held.AsSpan(0, _heldLength).CopyTo(span);
        _heldLength = 0;
        byte[]? copy = null;
        var wake = false;
        var read = 0; // examined up to here
        var kept = 0; // of which this much goes on, moved to the front
        while (read < span.Length)
        {
            if (_payloadLeft > 0)
            {
                var take = Math.Min(_payloadLeft, span.Length - read);
                _payloadLeft -= take;
                Pass(span, ref read, ref kept, take);
                continue;
            }

            _dropping = false;
            if (state.HasOutgoing && !_frames.InHeaderBlock)
            {
                inner.Advance(kept);
                var left = span.Length - read;
                Interpose(span[read..], ref copy);
                span = _lent.Span[..left];
                read = kept = 0;
                wake = true;
            }

            if (!TryFrame(span[read..], out var header, out var start))
            {
                Hold(span[read..]);
                break;
            }

            _dropping = !Judge(header, span.Slice(read, start));
            _payloadLeft = FrameHeader.Size + header.Length - start;
            Pass(span, ref read, ref kept, start);
        }

        // Nothing may be left behind for a frame that is complete: the next call starts at its boundary.
        _dropping &= _payloadLeft > 0;
        inner.Advance(kept);
        if (copy is not null)
        {
            ArrayPool<byte>.Shared.Return(copy);
        }

        if (wake || state.WindowToReturn > 0)
        {
            kestrelHasWork();
        }
    }

    private void Pass(Span<byte> span, ref int read, ref int kept, int length)
    {
        if (!_dropping)
        {
            if (kept != read)
            {
                span.Slice(read, length).CopyTo(span[kept..]);
            }

            kept += length;
        }

        read += length;
    }

    private bool Judge(in FrameHeader header, Span<byte> start)
    {
        if (_frames.IsPlain(header))
        {
            return true;
        }

        lock (state.Gate)
        {
            return _frames.Forward(header, start);
        }
    }

    private static bool TryFrame(ReadOnlySpan<byte> span, out FrameHeader header, out int start)
    {
        header = default;
        start = FrameHeader.Size;
        if (span.Length < FrameHeader.Size)
        {
            return false;
        }

        header = FrameHeader.Read(span);
        start = ServerFrames.Needed(header);
        return span.Length >= start;
    }

    /// <summary>
    /// Writes what waits before <paramref name="tail"/>, which has to move: to the start of the memory that is lent now.
    /// </summary>
    private void Interpose(ReadOnlySpan<byte> tail, ref byte[]? copy)
    {
        copy ??= ArrayPool<byte>.Shared.Rent(tail.Length);
        tail.CopyTo(copy);
        lock (state.Gate)
        {
            _outgoing.WriteAll(inner);
        }

        _lent = inner.GetMemory(tail.Length);
        copy.AsSpan(0, tail.Length).CopyTo(_lent.Span);
    }

    private void Hold(ReadOnlySpan<byte> start)
    {
        if (_held.Length < start.Length)
        {
            _held = new byte[Math.Max(2 * FrameHeader.Size, start.Length)];
        }

        start.CopyTo(_held);
        _heldLength = start.Length;
    }
}
