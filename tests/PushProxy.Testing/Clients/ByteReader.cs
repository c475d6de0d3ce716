using System.Globalization;
using System.Text;
using PushProxy.Testing.Comparing;

namespace PushProxy.Testing.Clients;

/// <summary>Reads HTTP/1.1 from a stream, believing nothing that is not on the wire.</summary>
internal sealed class ByteReader(Stream stream, CancellationToken cancellation) : IDisposable
{
    private const int MaxHead = 1 << 20;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>A head up to its empty line; null when the stream ends before the first byte.</summary>
    public async Task<Head?> ReadHeadAsync()
    {
        var text = new StringBuilder();
        while (true)
        {
            if (await ReadLineAsync() is not { } line)
            {
                return text.Length == 0 ? null : throw new EndOfStreamException("The stream ended within a head: " + text);
            }

            if (line.Length == 0 && text.Length > 0)
            {
                return Head.Parse(text.ToString());
            }

            text.Append(text.Length == 0 ? "" : "\r\n").Append(line);
            if (text.Length > MaxHead)
            {
                throw new IOException("A head without end.");
            }
        }
    }

    /// <summary>The body in the pieces in which it comes; trailers go to the transcript.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadBodyAsync(Framing framing, Transcript transcript)
    {
        if (!framing.Chunked)
        {
            await foreach (var piece in ReadUpToAsync(framing.Length ?? long.MaxValue, mayEnd: framing.Length is null))
            {
                yield return piece;
            }

            yield break;
        }

        while (true)
        {
            var line = await ReadLineAsync() ?? throw new EndOfStreamException("The stream ended between chunks.");
            var length = long.Parse(line, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (length == 0)
            {
                break;
            }

            await foreach (var piece in ReadUpToAsync(length, mayEnd: false))
            {
                yield return piece;
            }

            if (await ReadLineAsync() != "")
            {
                throw new InvalidDataException("A chunk that does not end where it says.");
            }
        }

        while (await ReadLineAsync() is var trailer && trailer != "")
        {
            transcript.Add("trailer " + (trailer ?? throw new EndOfStreamException("The stream ended within the trailers.")));
        }
    }

    /// <summary>What has arrived, at least one byte; empty at the end.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadSomeAsync(int atMost = int.MaxValue)
    {
        if (_start == _end)
        {
            _start = 0;
            _end = await stream.ReadAsync(_buffer, cancellation);
        }

        var piece = _buffer.AsMemory(_start, Math.Min(_end - _start, atMost));
        _start += piece.Length;
        return piece;
    }

    public void Dispose() => stream.Dispose();

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadUpToAsync(long length, bool mayEnd)
    {
        while (length > 0)
        {
            var piece = await ReadSomeAsync((int)Math.Min(length, int.MaxValue));
            if (piece.IsEmpty)
            {
                if (mayEnd)
                {
                    yield break;
                }

                throw new EndOfStreamException("The stream ended within a body.");
            }

            length -= piece.Length;
            yield return piece;
        }
    }

    private async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (true)
        {
            var one = await ReadSomeAsync(1);
            if (one.IsEmpty)
            {
                return line.Length == 0 ? null : throw new EndOfStreamException("The stream ended within a line: " + line);
            }

            var c = (char)one.Span[0];
            if (c == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(c);
            if (line.Length > MaxHead)
            {
                throw new IOException("A line without end.");
            }
        }
    }
}
