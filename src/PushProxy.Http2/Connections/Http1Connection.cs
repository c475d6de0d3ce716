using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace PushProxy.Http2.Connections;

/// <summary>
/// An HTTP/1.1 connection on which 1xx responses may be sent. Kestrel writes nothing between responses, so they are written
/// to the transport directly. If Kestrel writes while one is still being flushed, Kestrel waits.
/// </summary>
internal sealed class Http1Connection(IDuplexPipe transport) : PipeWriter, IDuplexPipe
{
    private readonly Lock _gate = new();
    private Task<FlushResult>? _ours;
    private bool _kestrelWrites;

    public PipeReader Input => transport.Input;

    public PipeWriter Output => this;

    public override bool CanGetUnflushedBytes => transport.Output.CanGetUnflushedBytes;

    public override long UnflushedBytes => transport.Output.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Enter();
        return transport.Output.GetMemory(sizeHint);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes) => transport.Output.Advance(bytes);

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Enter();
        var result = await transport.Output.FlushAsync(cancellationToken);
        lock (_gate)
        {
            _kestrelWrites = false;
        }

        return result;
    }

    public override void CancelPendingFlush() => transport.Output.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => transport.Output.Complete(exception);

    /// <summary>Writes an interim response (RFC 9112 §4, RFC 9110 §15.2).</summary>
    public async ValueTask<InformationalOutcome> InformAsync(int statusCode, IEnumerable<KeyValuePair<string, string>> fields)
    {
        Task<FlushResult> flush;
        lock (_gate)
        {
            if (_kestrelWrites || _ours is { IsCompleted: false })
            {
                return InformationalOutcome.TooLate;
            }

            var text = new StringBuilder("HTTP/1.1 ").Append(statusCode).Append(statusCode == 103 ? " Early Hints" : " ").Append("\r\n");
            foreach (var (name, value) in fields)
            {
                text.Append(name).Append(": ").Append(value).Append("\r\n");
            }

            transport.Output.Write(Encoding.ASCII.GetBytes(text.Append("\r\n").ToString()));
            _ours = flush = transport.Output.FlushAsync().AsTask();
        }

        var result = await flush;
        return result.IsCompleted ? InformationalOutcome.StreamEnded : InformationalOutcome.Sent;
    }

    private void Enter()
    {
        Task<FlushResult>? ours;
        lock (_gate)
        {
            _kestrelWrites = true;
            ours = _ours;
            _ours = null;
        }

        if (ours is { IsCompleted: false })
        {
            // Only if the application started its response without awaiting the hint, and the client reads slowly.
            ours.Wait();
        }
    }
}
