using System.Buffers;
using System.Buffers.Binary;
using PushProxy.Http2.Frames;
using PushProxy.Http2.Streams;

namespace PushProxy.Http2.Connections;

/// <summary>
/// Frames on their way from the client to Kestrel: what they mean for the table of streams, and the numbers Kestrel knows
/// them by. Kestrel finds the errors; a frame that is an error stays one.
/// </summary>
internal sealed class ClientFrames(ConnectionState state)
{
    /// <summary>
    /// Whether this frame has to wait until a push is aborted, because the client's request would otherwise be one too many for
    /// Kestrel.
    /// </summary>
    public bool MakesRoomFirst(in FrameHeader header)
    {
        if (header.Type != FrameType.Headers || state.PushesInKestrel == 0 || header.StreamId <= state.HighestClientId)
        {
            return false;
        }

        var limit = state.Server.MaxConcurrentStreams;
        var before = state.Aborts.Count;
        while (state.PushesInKestrel > 0 && state.ClientRequests + state.PushesInKestrel + 1 > limit)
        {
            Withdrawal.OfNewest(state);
        }

        return state.Aborts.Count > before;
    }

    /// <summary>
    /// Takes note of the whole frame at <paramref name="at"/> and returns the stream number to hand to Kestrel. The payload may
    /// be rewritten in place.
    /// </summary>
    public int Translate(in FrameHeader header, in ReadOnlySequence<byte> buffer, long at)
    {
        switch (header.Type)
        {
            case FrameType.Headers:
                return Headers(header, buffer, at);
            case FrameType.Continuation:
                state.ClientInHeaderBlock = !header.Has(FrameFlags.EndHeaders);
                return ToKestrel(header.StreamId);
            case FrameType.Data:
                return Data(header);
            case FrameType.RstStream:
                return Reset(header, Payload(header, buffer, at));
            case FrameType.Priority:
                return Priority(header.StreamId, header.Length == 5 ? 0 : -1, Payload(header, buffer, at));
            case FrameType.WindowUpdate:
                return ToKestrel(header.StreamId);
            case FrameType.Settings:
                if (!header.Has(FrameFlags.Ack) && header.StreamId == 0)
                {
                    state.Client.Received(Payload(header, buffer, at));
                }

                return header.StreamId;
            case FrameType.Ping:
                if (!header.Has(FrameFlags.Ack))
                {
                    state.Pings.ClientAsked();
                }

                return header.StreamId;
            case FrameType.GoAway:
                // RFC 9113 §6.8: "Receivers of a GOAWAY frame MUST NOT open additional streams on the connection".
                state.GoingAway = true;
                return header.StreamId;
            case FrameType.PriorityUpdate:
                return PriorityUpdate(header, Payload(header, buffer, at));
            case FrameType.PushPromise:
            default:
                // A PUSH_PROMISE from the client is an error that Kestrel answers (RFC 9113 §8.4). Kestrel ignores unknown frames.
                return header.StreamId;
        }
    }

    private static ReadOnlySequence<byte> Payload(in FrameHeader header, in ReadOnlySequence<byte> buffer, long at)
        => buffer.Slice(at + FrameHeader.Size, header.Length);

    private int Headers(in FrameHeader header, in ReadOnlySequence<byte> buffer, long at)
    {
        state.ClientInHeaderBlock = !header.Has(FrameFlags.EndHeaders);
        var client = header.StreamId;
        var ended = header.Has(FrameFlags.EndStream);
        if ((client & 1) == 0)
        {
            // RFC 9113 §5.1.1: even numbers are the server's to open. Untranslated, they are an error to Kestrel.
            return client;
        }

        var kestrel = client;
        if (client > state.HighestClientId)
        {
            // RFC 9113 §5.1.1: "The identifier of a newly established stream MUST be numerically greater than all streams that
            // the initiating endpoint has opened or reserved." Kestrel's numbers may run ahead, so they are given out one by one.
            kestrel = state.Translates ? NextKestrelId() : client;
            state.Streams.Add(client, kestrel, state.NewClientStream(ended));
            state.HighestClientId = client;
            state.HighestKestrelId = Math.Max(state.HighestKestrelId, kestrel);
            state.ClientRequests++;
        }
        else
        {
            kestrel = ToKestrel(client);
            if (ended)
            {
                Ended(client);
            }
        }

        if (state.Translates && header.Has(FrameFlags.Priority))
        {
            Priority(client, header.Has(FrameFlags.Padded) ? 1 : 0, Payload(header, buffer, at));
        }

        return kestrel;
    }

    // Past the last identifier Kestrel gets a closed one, which ends the connection (RFC 9113 §5.1.1).
    private int NextKestrelId()
        => state.HighestKestrelId > int.MaxValue - 2 ? state.DeadKestrelId : state.HighestKestrelId + 2;

    private int Data(in FrameHeader header)
    {
        if (header.Has(FrameFlags.EndStream))
        {
            Ended(header.StreamId);
        }

        // RFC 9113 §5.1, reserved (local): "Receiving any type of frame other than RST_STREAM, PRIORITY, or WINDOW_UPDATE on a
        // stream in this state MUST be treated as a connection error of type PROTOCOL_ERROR." Even numbers are that to Kestrel.
        return (header.StreamId & 1) == 0 ? header.StreamId : ToKestrel(header.StreamId);
    }

    private void Ended(int client)
    {
        var index = state.Streams.FindClient(client);
        if (index >= 0 && (client & 1) == 1)
        {
            state.Streams.Apply(index, StreamEvent.ClientEnd, state.Translates);
        }
    }

    private int Reset(in FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        var kestrel = ToKestrel(header.StreamId);
        var index = state.Streams.FindClient(header.StreamId);
        if (index < 0 || header.Length != 4)
        {
            return kestrel;
        }

        ref var entry = ref state.Streams[index];
        if (entry.LivePush is { } push)
        {
            state.PushEnded(servedByKestrel: state.Streams.KestrelId(index) != 0);
            state.Cancellations.Cancelled();
            push.ResetByClient((int)ReadUInt32(payload, 0));
        }
        else if (entry.State.CanCarryPromise())
        {
            state.ClientRequests--;
        }

        state.Streams.Apply(index, StreamEvent.Reset, state.Translates);
        return kestrel;
    }

    // RFC 9113 §5.3.2 deprecates these signals; Kestrel only checks that no stream depends on itself. So that it goes on
    // finding just that, a dependency is translated if it is on the stream itself and dropped otherwise.
    private int Priority(int client, int at, in ReadOnlySequence<byte> payload)
    {
        if (!state.Translates)
        {
            return client;
        }

        var kestrel = ToKestrel(client);
        if (at >= 0 && payload.Length >= at + 5)
        {
            var field = ReadUInt32(payload, at);
            var dependency = (int)(field & 0x7fff_ffff) == client ? (uint)kestrel : 0;
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (field & 0x8000_0000) | dependency);
            InPlace.Write(payload, at, bytes);
        }

        return kestrel;
    }

    // RFC 9218 §7.1: "If a server receives a PRIORITY_UPDATE frame with a Prioritized Stream ID that refers to a push stream in
    // the "idle" state, this MUST be treated as a connection error of type PROTOCOL_ERROR." Kestrel does not know the frame,
    // but it knows that error: any frame on an even number.
    private int PriorityUpdate(in FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (header.StreamId != 0 || payload.Length < 4)
        {
            return header.StreamId;
        }

        var named = (int)(ReadUInt32(payload, 0) & 0x7fff_ffff);
        return named != 0 && (named & 1) == 0 && named > state.LastPromisedId ? named : 0;
    }

    private int ToKestrel(int client)
    {
        if (client == 0)
        {
            return 0;
        }

        if ((client & 1) == 0)
        {
            return Promised(client);
        }

        if (!state.Translates)
        {
            return client;
        }

        var index = state.Streams.FindClient(client);
        if (index >= 0)
        {
            return state.Streams.KestrelId(index);
        }

        // An idle stream stays idle; a forgotten one is closed.
        return client > state.HighestClientId ? NextKestrelId() : state.DeadKestrelId;
    }

    private int Promised(int client)
    {
        // RFC 9113 §5.1, idle: any frame but HEADERS and PRIORITY is an error, which an even number is to Kestrel.
        if (client > state.LastPromisedId)
        {
            return client;
        }

        var index = state.Streams.FindClient(client);
        var kestrel = index >= 0 ? state.Streams.KestrelId(index) : 0;
        return kestrel != 0 ? kestrel : state.DeadKestrelId;
    }

    private static uint ReadUInt32(in ReadOnlySequence<byte> payload, int at)
    {
        Span<byte> bytes = stackalloc byte[4];
        payload.Slice(at, 4).CopyTo(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }
}
