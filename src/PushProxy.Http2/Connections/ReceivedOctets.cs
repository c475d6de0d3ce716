using System.Buffers;
using System.IO.Pipelines;

namespace PushProxy.Http2.Connections;

/// <summary>What one read of the transport brought, and how much of its start Kestrel may see. Used under the gate.</summary>
/// <param name="frames">Puts the client's frames under Kestrel's numbers, in place.</param>
internal sealed class ReceivedOctets(InboundFrames frames)
{
    private bool _isHeld;
    private ReadOnlySequence<byte> _octets;
    private long _ready;

    /// <summary>Whether there is a whole frame for Kestrel.</summary>
    public bool AnyReady => _ready > 0;

    /// <summary>The whole frames for Kestrel.</summary>
    public ReadOnlySequence<byte> Ready => _octets.Slice(0, _ready);

    public void Take(in ReadResult read)
    {
        _octets = read.Buffer;
        _isHeld = true;
    }

    /// <summary>Looks for whole frames in what Kestrel has not seen.</summary>
    /// <returns>False when there is nothing to look at.</returns>
    public bool TryTranslate()
    {
        if (_isHeld)
        {
            _ready = frames.Translate(_octets);
        }

        return _isHeld;
    }

    /// <summary>Kestrel has taken what is before a position.</summary>
    public void ConsumedTo(SequencePosition consumed)
    {
        if (_isHeld)
        {
            _ready -= _octets.Slice(0, consumed).Length;
            _octets = _octets.Slice(consumed);
        }
    }

    /// <summary>Returns the buffer to the transport, whose next read has what was not consumed and what follows.</summary>
    public void ReturnTo(PipeReader transport)
    {
        if (_isHeld)
        {
            transport.AdvanceTo(_octets.Start, _octets.End);
            _isHeld = false;
        }
    }

    /// <summary>Forgets what was read: no one will read it any more.</summary>
    public void Drop()
    {
        _isHeld = false;
        _octets = default;
    }
}
