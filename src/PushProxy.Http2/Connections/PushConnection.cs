using System.IO.Pipelines;
using PushProxy.Http2.HeaderBlocks;
using PushProxy.Http2.Streams;

namespace PushProxy.Http2.Connections;

/// <summary>One HTTP/2 connection as the features of its requests see it: its two directions, pushes and 1xx responses.</summary>
internal sealed class PushConnection : IDuplexPipe, IThreadPoolWorkItem
{
    private readonly ConnectionState _state;
    private readonly InboundReader _input;
    private int _wakeIsQueued;
    private bool _isLookedAfter;
    private bool _hadNone;

    public PushConnection(IDuplexPipe transport, ServerPushOptions options, PromiseBlock.Limits promiseLimits, PushLoad load, bool isHttps)
    {
        _state = new ConnectionState(options, promiseLimits, load);
        _input = new InboundReader(transport.Input, _state);
        Output = new OutboundWriter(transport.Output, _state, _input.Wake);
        IsHttps = isHttps;
    }

    public PipeReader Input => _input;

    public PipeWriter Output { get; }

    public bool IsHttps { get; }

    internal ConnectionState State => _state;

    /// <summary>The push that Kestrel's stream <paramref name="kestrelId"/> carries out, if it is one.</summary>
    public ServerPush? PromisedAs(int kestrelId)
    {
        if (!_state.Translates)
        {
            return null;
        }

        lock (_state.Gate)
        {
            var index = _state.Streams.FindKestrel(kestrelId);
            return index < 0 ? null : _state.Streams[index].Push;
        }
    }

    /// <summary>Whether the request on this stream could push now.</summary>
    public PushOutcome CanPush(int parent)
    {
        lock (_state.Gate)
        {
            return Check(parent);
        }
    }

    public PushResult TryPush(int parent, string target, byte[] block)
    {
        ServerPush push;
        lock (_state.Gate)
        {
            var outcome = Check(parent);
            if (outcome == PushOutcome.Pushed && _state.QueuedBytes + block.Length > _state.Options.MaxQueuedBytes)
            {
                outcome = PushOutcome.LimitReached;
            }

            if (outcome != PushOutcome.Pushed)
            {
                return new PushResult(outcome, null);
            }

            push = new ServerPush(target, parent, block);
            _state.PushBegan();
            LookAfter(true);
            _state.Enqueue(new OutgoingPromise(push));
        }

        // Not at once: pushes come several at a time, and one PING serves them all. If the response starts first, none is needed.
        if (Interlocked.Exchange(ref _wakeIsQueued, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return new PushResult(PushOutcome.Pushed, push);
    }

    public PromiseBlock.Limits PromiseLimits => _state.PromiseLimits;

    public int MaxHeaderBytes => _state.Options.MaxHeaderBytes;

    public InformationalOutcome CanInform(int kestrelId)
    {
        lock (_state.Gate)
        {
            return CheckInformational(kestrelId);
        }
    }

    public ValueTask<InformationalOutcome> InformAsync(int kestrelId, byte[] block)
    {
        var sent = new TaskCompletionSource<InformationalOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_state.Gate)
        {
            var outcome = CheckInformational(kestrelId);
            if (outcome == InformationalOutcome.Sent && _state.QueuedBytes + block.Length > _state.Options.MaxQueuedBytes)
            {
                outcome = InformationalOutcome.LimitReached;
            }

            if (outcome != InformationalOutcome.Sent)
            {
                return ValueTask.FromResult(outcome);
            }

            _state.Enqueue(new OutgoingInformational(kestrelId, block, sent));
        }

        _input.Wake();
        return new ValueTask<InformationalOutcome>(sent.Task);
    }

    void IThreadPoolWorkItem.Execute()
    {
        Volatile.Write(ref _wakeIsQueued, 0);
        _input.Wake();
    }

    /// <summary>Ends everything that waits on the connection, and releases what is kept for it.</summary>
    public void Close()
    {
        lock (_state.Gate)
        {
            _state.Abandon();
            LookAfter(false);
        }
    }

    /// <summary>
    /// Ends the pushes whose response has begun and that have brought the client nothing for
    /// <see cref="ServerPushOptions.StallTimeout"/>. If the connection had no pushes twice, nobody looks after it any more.
    /// </summary>
    public void EndStalled(long now, TimeProvider time)
    {
        var any = false;
        lock (_state.Gate)
        {
            for (var index = FindStalled(now, time); index >= 0; index = FindStalled(now, time))
            {
                Withdrawal.Of(_state, index, PushFate.Stalled);
                any = true;
            }

            // The request of a push that has just ended may still ask what it is. By the next look it has ended, too.
            if (_state.PushesInFlight > 0)
            {
                _hadNone = false;
            }
            else if (_hadNone)
            {
                _state.Streams.ForgetEndedPushes();
                LookAfter(false);
            }
            else
            {
                _hadNone = true;
            }
        }

        if (any)
        {
            _input.Wake();
        }
    }

    private int FindStalled(long now, TimeProvider time)
    {
        for (var i = 0; i < _state.Streams.Count; i++)
        {
            if (_state.Streams[i] is { FinalStarted: true, LivePush: { } push } && _state.Streams.KestrelId(i) != 0
                && push.IsStalled(now, time, _state.Options.StallTimeout))
            {
                return i;
            }
        }

        return -1;
    }

    private void LookAfter(bool pushes)
    {
        _hadNone &= !pushes;
        if (pushes == _isLookedAfter)
        {
            return;
        }

        _isLookedAfter = pushes;
        if (pushes)
        {
            _state.Load.Add(this);
        }
        else
        {
            _state.Load.Remove(this);
        }
    }

    private PushOutcome Check(int parent)
    {
        if (_state.Phase != ConnectionPhase.Frames || _state.GoingAway)
        {
            return PushOutcome.ConnectionClosing;
        }

        if (!_state.Client.EnablePush || _state.Client.MaxConcurrentStreams == 0)
        {
            return PushOutcome.DisabledByClient;
        }

        var index = _state.Streams.FindKestrel(parent);
        if (index < 0)
        {
            return PushOutcome.ParentEnded;
        }

        // RFC 9113 §8.4.1: a promise goes out on "a stream initiated by the client".
        if ((_state.Streams.ClientId(index) & 1) == 0)
        {
            return PushOutcome.RequestIsPushed;
        }

        if (!_state.Streams[index].State.CanCarryPromise())
        {
            return PushOutcome.ParentEnded;
        }

        if (_state.LastPromisedId >= ConnectionState.LastSpendableId || _state.HighestKestrelId >= ConnectionState.LastSpendableId)
        {
            return PushOutcome.IdentifiersUsedUp;
        }

        return IsFull() ? PushOutcome.LimitReached : PushOutcome.Pushed;
    }

    // RFC 9113 §5.1.2: "Endpoints MUST NOT exceed the limit set by their peer." Promised streams do not count for the client
    // before their HEADERS, but all of them will have to fit. A quarter of what Kestrel serves at a time is left to the client.
    // It remembers twice as many streams (at least 100), cancelled ones among them.
    private bool IsFull()
    {
        var kestrel = _state.Server.MaxConcurrentStreams;
        return _state.PushesInFlight >= _state.Options.MaxPushesInFlight
            || _state.Load.InFlight >= _state.Options.MaxPushesInAll
            || _state.PushesInFlight >= _state.Client.MaxConcurrentStreams
            || _state.ClientRequests + _state.PushesInFlight + 1 > kestrel - (kestrel / 4)
            || _state.KestrelComplained
            || _state.Cancellations.IsSpent(Math.Max(2 * kestrel, 100) - kestrel);
    }

    private InformationalOutcome CheckInformational(int kestrelId)
    {
        if (_state.Phase != ConnectionPhase.Frames)
        {
            return InformationalOutcome.StreamEnded;
        }

        var index = _state.Streams.FindKestrel(kestrelId);
        if (index < 0)
        {
            return InformationalOutcome.StreamEnded;
        }

        if ((_state.Streams.ClientId(index) & 1) == 0)
        {
            return InformationalOutcome.RequestIsPushed;
        }

        if (!_state.Streams[index].State.CanCarryPromise())
        {
            return InformationalOutcome.StreamEnded;
        }

        return _state.Streams[index].FinalStarted ? InformationalOutcome.TooLate : InformationalOutcome.Sent;
    }
}
