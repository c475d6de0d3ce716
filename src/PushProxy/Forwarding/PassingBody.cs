using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Forwarding;

/// <summary>A response body on its way to the client. Everything passes, and derived classes see the bytes.</summary>
internal abstract class PassingBody(IHttpResponseBodyFeature inner) : WriteOnlyStream, IHttpResponseBodyFeature
{
    public Stream Stream => this;

    /// <summary>The inner writer. A proxy does not use it; bytes written to it are not seen.</summary>
    public PipeWriter Writer
    {
        get
        {
            Bypassed();
            return Inner.Writer;
        }
    }

    protected IHttpResponseBodyFeature Inner { get; } = inner;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Observe(buffer);
        return Inner.Stream.WriteAsync(buffer, cancellationToken);
    }

    public sealed override void Write(byte[] buffer, int offset, int count)
    {
        Observe(buffer.AsMemory(offset, count));
        Inner.Stream.Write(buffer, offset, count);
    }

    public sealed override void Flush() => Inner.Stream.Flush();

    public sealed override Task FlushAsync(CancellationToken cancellationToken) => Inner.Stream.FlushAsync(cancellationToken);

    public void DisableBuffering() => Inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => Inner.StartAsync(cancellationToken);

    public Task CompleteAsync() => Inner.CompleteAsync();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        Bypassed();
        return Inner.SendFileAsync(path, offset, count, cancellationToken);
    }

    /// <summary>Called before bytes are written.</summary>
    protected virtual void Observe(ReadOnlyMemory<byte> bytes)
    {
    }

    /// <summary>Called when bytes may pass unseen from now on.</summary>
    protected virtual void Bypassed()
    {
    }
}
