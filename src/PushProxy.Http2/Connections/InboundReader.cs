using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace PushProxy.Http2.Connections;

/// <summary>
/// What Kestrel reads from: the client's frames, whole and under Kestrel's numbers, and our own frames between them. Kestrel sees
/// only whole frames. This delays nothing, because Kestrel acts on a frame only at its end, and makes every moment a frame boundary.
/// While a read of the transport is pending, Kestrel can be handed something of ours, so no read has to be cancelled.
/// </summary>
internal sealed class InboundReader : PipeReader, IValueTaskSource<ReadResult>
{
    private readonly PipeReader _inner;
    private readonly ConnectionState _state;
    private readonly ReceivedOctets _received;
    private readonly OwnFrames _own;
    private readonly Handover _handover = new();
    private ManualResetValueTaskSourceCore<ReadResult> _kestrel; // mutable struct
    private bool _awaiting;
    private bool _kestrelWaits;
    private bool _transportReads;
    private bool _transportEnded;
    private bool _cancelled;
    private bool _completed;
    private Exception? _completedWith;
    private Exception? _error;

    public InboundReader(PipeReader inner, ConnectionState state)
    {
        _inner = inner;
        _state = state;
        _received = new ReceivedOctets(new InboundFrames(state));
        _own = new OwnFrames(state);
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        lock (_state.Gate)
        {
            if (TryTake(out var result))
            {
                return new ValueTask<ReadResult>(result);
            }

            _kestrel.Reset();
            _kestrelWaits = true;
        }

        var task = new ValueTask<ReadResult>(this, _kestrel.Version);
        ReadTransport();
        return task;
    }

    public override bool TryRead(out ReadResult result)
    {
        lock (_state.Gate)
        {
            return TryTake(out result);
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <summary>Kestrel examines no more than it consumes here, so what it does not consume is shown again at once.</summary>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_state.Gate)
        {
            if (_own.Shown)
            {
                _own.ConsumedTo(consumed);
            }
            else
            {
                _received.ConsumedTo(consumed);
            }
        }
    }

    /// <summary>Hands what waits to Kestrel, if Kestrel is waiting too.</summary>
    public void Wake()
    {
        ReadResult result;
        lock (_state.Gate)
        {
            if (!_kestrelWaits || !TryTake(out result))
            {
                return;
            }

            _kestrelWaits = false;
        }

        _kestrel.SetResult(result);
    }

    public override void CancelPendingRead()
    {
        lock (_state.Gate)
        {
            _cancelled = true;
        }

        Wake();
    }

    public override void Complete(Exception? exception = null)
    {
        lock (_state.Gate)
        {
            if (_completed)
            {
                return;
            }

            _completed = true;
            _completedWith = exception;
            _received.Drop();
            _state.Abandon();
            if (!_transportReads)
            {
                _inner.Complete(exception);
                return;
            }
        }

        // The read that is still under way ends by this, and completes the transport's reader then.
        _inner.CancelPendingRead();
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _kestrel.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _kestrel.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _kestrel.OnCompleted(continuation, state, token, flags);

    // Reads until there is something for Kestrel, or the transport makes us wait.
    private void ReadTransport()
    {
        while (true)
        {
            lock (_state.Gate)
            {
                if (_transportReads || !_kestrelWaits || _completed)
                {
                    return;
                }

                _received.ReturnTo(_inner);
                _transportReads = true;
            }

            ValueTask<ReadResult> read;
            try
            {
#pragma warning disable CA2012 // It is either complete, or handed to the one method that awaits it.
                read = _inner.ReadAsync();
#pragma warning restore CA2012
                if (read.IsCompleted)
                {
                    TransportRead(read.GetAwaiter().GetResult());
                    continue;
                }
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                Finish(error);
                continue;
            }

            _handover.Give(read);
            if (!_awaiting)
            {
                _awaiting = true;
                _ = AwaitTransportAsync();
            }

            return;
        }
    }

    // Awaits every read that does not complete at once. It lives as long as the connection, because a new asynchronous method,
    // or a callback, would be an allocation a read.
    private async Task AwaitTransportAsync()
    {
        while (!_completed)
        {
            var read = await _handover.TakeAsync().ConfigureAwait(false);
            try
            {
                TransportRead(await read.ConfigureAwait(false));
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                Finish(error);
            }

            ReadTransport();
        }
    }

    private void TransportRead(in ReadResult read)
    {
        ReadResult result;
        lock (_state.Gate)
        {
            _transportReads = false;
            _received.Take(read);
            _transportEnded |= read.IsCompleted;
            if (_completed)
            {
                _received.Drop();
                _inner.Complete(_completedWith);
                return;
            }

            if (!_kestrelWaits || !TryTake(out result))
            {
                return;
            }

            _kestrelWaits = false;
        }

        _kestrel.SetResult(result);
    }

    private void Finish(Exception error)
    {
        lock (_state.Gate)
        {
            _transportReads = false;
            _error = error;
            if (_completed)
            {
                _inner.Complete(_completedWith);
                return;
            }

            if (!_kestrelWaits)
            {
                return;
            }

            _kestrelWaits = false;
        }

        _kestrel.SetException(error);
    }

    // Under the gate: what Kestrel sees next, if there is anything.
    private bool TryTake(out ReadResult result)
    {
        if (_cancelled)
        {
            _cancelled = false;
            result = new ReadResult(ReadOnlySequence<byte>.Empty, isCanceled: true, isCompleted: false);
            return true;
        }

        if (!_own.Any && !_received.AnyReady)
        {
            if (_own.AreDue)
            {
                _own.WriteDue();
            }

            // The client's frames may call for answers of ours.
            if (!_own.Any && _received.TryTranslate() && !_received.AnyReady && _own.AreDue)
            {
                return TryTake(out result);
            }
        }

        if (_own.Any)
        {
            result = new ReadResult(_own.Show(), isCanceled: false, isCompleted: false);
            return true;
        }

        if (_received.AnyReady)
        {
            result = new ReadResult(_received.Ready, isCanceled: false, isCompleted: false);
            return true;
        }

        if (_error is not null)
        {
            throw _error;
        }

        // What is left of an unfinished frame means nothing any more.
        result = new ReadResult(ReadOnlySequence<byte>.Empty, isCanceled: false, isCompleted: true);
        return _transportEnded;
    }
}
