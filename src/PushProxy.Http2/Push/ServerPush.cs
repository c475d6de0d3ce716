using PushProxy.Http2.Frames;

namespace PushProxy.Http2;

/// <summary>One push: a promised request (RFC 9113 §8.4), which the application answers like any other.</summary>
public sealed class ServerPush
{
    private readonly TaskCompletionSource<PushReport> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;
    private long _seenAt;
    private long _seenBytes;

    internal ServerPush(string target, int parent, byte[] block)
    {
        Target = target;
        Parent = parent;
        Block = block;
    }

    /// <summary>The target, as passed to <see cref="IServerPushFeature.TryPush"/>.</summary>
    public string Target { get; }

    /// <summary>The identifier of the promised stream: even, or 0 until the promise is written.</summary>
    public int StreamId { get; internal set; }

    /// <summary>Octets of content that were written to the connection so far.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>
    /// Completes when the push ends. It never fails and is never cancelled; if the connection ends, the fate is
    /// <see cref="PushFate.Failed"/>.
    /// </summary>
    public Task<PushReport> Completion => _completion.Task;

    /// <summary>The stream of the request that pushes, in Kestrel's numbers.</summary>
    internal int Parent { get; }

    /// <summary>The promised request. Released once the client has the promise and Kestrel the request.</summary>
    internal byte[] Block { get; set; }

    /// <summary>Whether nothing has been sent for some time. It is asked now and then, and remembers what it saw.</summary>
    internal bool IsStalled(long now, TimeProvider time, TimeSpan limit)
    {
        if (_seenAt == 0 || _seenBytes != Bytes)
        {
            (_seenAt, _seenBytes) = (now, Bytes);
        }

        return time.GetElapsedTime(_seenAt, now) >= limit;
    }

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
