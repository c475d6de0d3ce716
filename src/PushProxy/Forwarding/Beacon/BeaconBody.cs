using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Forwarding.Beacon;

/// <summary>
/// A page's body on its last way to the client, which gets the tag at the beginning of its head. Everything that reads the page stands
/// before this and sees the origin's bytes. No byte waits here.
/// </summary>
/// <param name="inner">What goes to the client. It may have to be encoded.</param>
/// <param name="http">The request.</param>
/// <param name="route">The route that serves it.</param>
/// <param name="pages">Says what the page gets.</param>
internal sealed class BeaconBody(IHttpResponseBodyFeature inner, HttpContext http, string route, BeaconPages pages)
    : WriteOnlyStream, IHttpResponseBodyFeature
{
    private HeadFinder _finder;
    private byte[]? _tag;
    private PipeWriter? _writer;
    private bool _hasBegun;

    public Stream Stream => this;

    public PipeWriter Writer => _writer ??= PipeWriter.Create(this, new StreamPipeWriterOptions(leaveOpen: true));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var before = TagBehind(buffer.Span, out var tag);
        return before < 0 ? inner.Stream.WriteAsync(buffer, cancellationToken) : InsertAsync(buffer, before, tag!, cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        var before = TagBehind(buffer.AsSpan(offset, count), out var tag);
        if (before >= 0)
        {
            inner.Stream.Write(buffer, offset, before);
            inner.Stream.Write(tag!, 0, tag!.Length);
            (offset, count) = (offset + before, count - before);
        }

        inner.Stream.Write(buffer, offset, count);
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Begin([]);
        return inner.Stream.FlushAsync(cancellationToken);
    }

    public override void Flush()
    {
        Begin([]);
        inner.Stream.Flush();
    }

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        Begin([]);
        return inner.StartAsync(cancellationToken);
    }

    public async Task CompleteAsync()
    {
        if (_writer is not null)
        {
            await _writer.FlushAsync();
        }

        Begin([]);
        await inner.CompleteAsync();
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(this, path, offset, count, cancellationToken);

    // In one piece, because each write may become a packet of its own.
    private async ValueTask InsertAsync(ReadOnlyMemory<byte> buffer, int before, byte[] tag, CancellationToken cancellation)
    {
        var length = buffer.Length + tag.Length;
        var whole = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            buffer[..before].CopyTo(whole);
            tag.CopyTo(whole, before);
            buffer[before..].CopyTo(whole.AsMemory(before + tag.Length));
            await inner.Stream.WriteAsync(whole.AsMemory(0, length), cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    /// <summary>Returns how many of these bytes come before the tag; −1 if it does not come among them.</summary>
    private int TagBehind(ReadOnlySpan<byte> bytes, out byte[]? tag)
    {
        Begin(bytes);
        tag = _tag;
        if (tag is null)
        {
            return -1;
        }

        var before = _finder.Find(bytes);
        if (before >= 0)
        {
            _tag = null;
            pages.Tagged(http);
        }
        else if (_finder.HasGivenUp)
        {
            _tag = null;
            pages.Skipped(BeaconOutcome.NoHead);
        }

        return before;
    }

    /// <summary>The head of the response is about to leave.</summary>
    /// <param name="bytes">What comes with it. If it shows that there will be no tag, the head is not changed.</param>
    private void Begin(ReadOnlySpan<byte> bytes)
    {
        if (_hasBegun)
        {
            return;
        }

        _hasBegun = true;
        if (pages.TagFor(http, route) is not { } tag)
        {
            return;
        }

        var ahead = _finder;
        ahead.Find(bytes);
        if (ahead.HasGivenUp)
        {
            pages.Skipped(BeaconOutcome.NoHead);
            return;
        }

        _tag = tag;
        BeaconPages.ChangeHead(http.Response);
    }
}
