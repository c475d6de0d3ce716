using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace PushProxy.Http2.Connections;

/// <summary>Passes a pending read from the method that started it to the one method that awaits all reads, without allocating.</summary>
internal sealed class Handover : IValueTaskSource<ValueTask<ReadResult>>
{
    private ManualResetValueTaskSourceCore<ValueTask<ReadResult>> _core; // mutable struct

    public void Give(ValueTask<ReadResult> read) => _core.SetResult(read);

    public ValueTask<ValueTask<ReadResult>> TakeAsync() => new(this, _core.Version);

    ValueTask<ReadResult> IValueTaskSource<ValueTask<ReadResult>>.GetResult(short token)
    {
        var read = _core.GetResult(token);
        _core.Reset();
        return read;
    }

    ValueTaskSourceStatus IValueTaskSource<ValueTask<ReadResult>>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<ValueTask<ReadResult>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _core.OnCompleted(continuation, state, token, flags);
}
