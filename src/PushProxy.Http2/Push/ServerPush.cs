using PushProxy.Http2.Frames;

namespace PushProxy.Http2;

/// <summary>One push: a promised request (RFC 9113 §8.4) that the application answers like any other, and what becomes of it.</summary>
public sealed class ServerPush
{
    private readonly TaskCompletionSource<PushReport> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;

    internal ServerPush(string target, int parent, byte[] block)
    {
        Target = target;
        Parent = parent;
        Block = block;
    }

    /// <summary>What was promised, as given.</summary>
    public string Target { get; }

    /// <summary>The promised stream as the client numbers it: even, or 0 as long as the promise has not been written.</summary>
    public int StreamId { get; internal set; }

    /// <summary>Octets of content that have left for the client so far.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Ends with the push. It never fails and is never cancelled; if the connection dies, the fate is <see cref="PushFate.Failed"/>.</summary>
    public Task<PushReport> Completion => _completion.Task;

    /// <summary>The parent's stream, as Kestrel numbers it.</summary>
    internal int Parent { get; }

    /// <summary>The promised request. Let go once it has been promised and asked for.</summary>
    internal byte[] Block { get; set; }

    internal void Sent(int bytes) => Volatile.Write(ref _bytes, _bytes + bytes);

    internal void End(PushFate fate, int errorCode = 0)
    {
        Block = [];
        _completion.TrySetResult(new PushReport(fate, Bytes, errorCode));
    }

    // RFC 9113 §8.4.2: "the client can send a RST_STREAM frame, using either the CANCEL or REFUSED_STREAM code".
    internal void ResetByClient(int errorCode)
        => End(errorCode == (int)Http2Error.RefusedStream ? PushFate.Refused : PushFate.Cancelled, errorCode);
}
