using System.Buffers.Binary;
using PushProxy.Http2.Frames;
using PushProxy.Http2.Streams;

namespace PushProxy.Http2.Connections;

/// <summary>Frames on their way from Kestrel to the client: what they mean for the table of streams, and the client's numbers.</summary>
internal sealed class ServerFrames(ConnectionState state)
{
    private const int StatusAt = 2; // of a block that is a literal :status, such as Kestrel's 100 Continue

    /// <summary>Kestrel is between HEADERS and its last CONTINUATION: RFC 9113 §6.10 lets nothing come between.</summary>
    public bool InHeaderBlock { get; private set; }

    /// <summary>How much of a frame has to lie together for <see cref="Forward"/> to judge it.</summary>
    public static int Needed(in FrameHeader header) => FrameHeader.Size + header.Type switch
    {
        FrameType.RstStream => Math.Min(header.Length, 4),
        FrameType.GoAway => Math.Min(header.Length, 8),
        FrameType.Settings => Math.Min(header.Length, 256),
        FrameType.Headers when IsMaybeInformational(header) => header.Length,
        _ => 0,
    };

    /// <summary>Whether nothing has to be known or changed about this frame: the bulk of all octets, judged without the gate.</summary>
    public bool IsPlain(in FrameHeader header) => header.Type == FrameType.Data && !state.Translates && !header.Has(FrameFlags.EndStream);

    /// <summary>Takes note of a frame and rewrites what the client knows under other numbers. False if it must not see the frame.</summary>
    public bool Forward(in FrameHeader header, Span<byte> start)
    {
        switch (header.Type)
        {
            case FrameType.Data:
                return Data(header, start);
            case FrameType.Headers:
                Headers(header, start);
                return true;
            case FrameType.Continuation:
                InHeaderBlock = !header.Has(FrameFlags.EndHeaders);
                Rename(header.StreamId, start, out _);
                return true;
            case FrameType.RstStream:
                return Reset(header, start);
            case FrameType.WindowUpdate:
                Rename(header.StreamId, start, out _);
                return true;
            case FrameType.Settings when header.Has(FrameFlags.Ack):
                state.Client.Acknowledged();
                return true;
            case FrameType.Settings:
                state.Server.Announced(start[FrameHeader.Size..]);
                return true;
            case FrameType.Ping:
                return !header.Has(FrameFlags.Ack) || !state.Pings.Answered();
            case FrameType.GoAway:
                GoAway(start[FrameHeader.Size..]);
                return true;
            case FrameType.Priority:
            case FrameType.PushPromise:
            case FrameType.PriorityUpdate:
            default:
                return true; // Kestrel writes none of these.
        }
    }

    private static bool IsMaybeInformational(in FrameHeader header)
        => header is { Length: 5, Flags: FrameFlags.EndHeaders };

    private bool Data(in FrameHeader header, Span<byte> start)
    {
        var index = Rename(header.StreamId, start, out var push);
        if (index < 0)
        {
            return true;
        }

        if (state.Streams[index].ResetSent && (state.Streams.ClientId(index) & 1) == 0)
        {
            // RFC 9113 §5.1, closed: "An endpoint MUST NOT send frames other than PRIORITY on a closed stream." The connection
            // window Kestrel spent on it has to be given back, because the client will not.
            state.WindowToReturn += header.Length;
            return false;
        }

        push?.Sent(header.Length);
        if (header.Has(FrameFlags.EndStream))
        {
            Ended(index, push);
        }

        return true;
    }

    private void Headers(in FrameHeader header, Span<byte> start)
    {
        InHeaderBlock = !header.Has(FrameFlags.EndHeaders);
        state.Client.BlockWritten();
        var index = Rename(header.StreamId, start, out var push);
        if (index < 0)
        {
            return;
        }

        if (IsMaybeInformational(header) && start[FrameHeader.Size + StatusAt] == '1')
        {
            return;
        }

        ref var entry = ref state.Streams[index];
        entry.FinalStarted = true;
        if (entry.State == StreamState.ReservedLocal)
        {
            state.Streams.Apply(index, StreamEvent.ServerHeaders, state.Translates);
        }

        if (header.Has(FrameFlags.EndStream))
        {
            Ended(index, push);
        }
    }

    private void Ended(int index, ServerPush? push)
    {
        if (push is not null)
        {
            state.PushEnded(servedByKestrel: true);
            push.End(PushFate.Delivered);
        }
        else if (state.Streams[index].State.CanCarryPromise())
        {
            state.ClientRequests--;
        }

        state.Streams.Apply(index, StreamEvent.ServerEnd, state.Translates);
    }

    private bool Reset(in FrameHeader header, Span<byte> start)
    {
        var code = header.Length == 4 ? (Http2Error)BinaryPrimitives.ReadInt32BigEndian(start[FrameHeader.Size..]) : Http2Error.NoError;
        state.KestrelComplained |= code == Http2Error.EnhanceYourCalm;
        var index = Rename(header.StreamId, start, out var push);
        if (index < 0)
        {
            return true;
        }

        if (state.Streams[index].ResetSent && (state.Streams.ClientId(index) & 1) == 0)
        {
            return false;
        }

        if (push is not null)
        {
            state.PushEnded(servedByKestrel: true);
            if (IsClientsFault(code))
            {
                state.Cancellations.Cancelled();
                push.ResetByClient((int)code);
            }
            else
            {
                push.End(PushFate.Failed);
            }
        }
        else if (state.Streams[index].State.CanCarryPromise())
        {
            state.ClientRequests--;
        }

        state.Streams[index].ResetSent = true;
        state.Streams.Apply(index, StreamEvent.Reset, state.Translates);
        return true;
    }

    // RFC 9113 §5.4.2: "A stream error is an error related to a specific stream that does not affect processing of other streams."
    // The client can cause one on a promised stream, for instance by a window beyond 2^31-1 octets (§6.9.1), and so refuse the push
    // without RST_STREAM. The other codes are those by which the application or Kestrel itself ends a response.
    private static bool IsClientsFault(Http2Error code) => code is Http2Error.ProtocolError or Http2Error.FlowControlError
        or Http2Error.StreamClosed or Http2Error.FrameSizeError or Http2Error.CompressionError;

    // RFC 9113 §6.8: the last identifier is that of "the highest-numbered stream identifier for which the sender of the GOAWAY
    // frame might have taken some action": of the client's streams, in the client's numbers.
    private void GoAway(Span<byte> payload)
    {
        state.GoingAway = true;
        if (!state.Translates || payload.Length < 4)
        {
            return;
        }

        var last = BinaryPrimitives.ReadInt32BigEndian(payload);
        if (last == int.MaxValue)
        {
            return;
        }

        var next = state.Streams.FirstClientStreamAbove(last);
        BinaryPrimitives.WriteInt32BigEndian(payload, next < 0 ? state.HighestClientId : state.Streams[next].PreviousClientId);
    }

    /// <summary>Writes the client's number over Kestrel's. Returns the stream's place in the table, -1 if it is not there.</summary>
    private int Rename(int kestrel, Span<byte> start, out ServerPush? push)
    {
        push = null;
        var index = kestrel == 0 ? -1 : state.Streams.FindKestrel(kestrel);
        if (index >= 0)
        {
            push = state.Streams[index].LivePush;
            if (state.Translates)
            {
                BinaryPrimitives.WriteInt32BigEndian(start[FrameHeader.StreamIdOffset..], state.Streams.ClientId(index));
            }
        }

        return index;
    }
}
