using System.Globalization;
using System.Text;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Comparing;

namespace PushProxy.Testing.Origins;

/// <summary>A request that reached a <see cref="RawOrigin"/>, and the bytes to answer it with.</summary>
public sealed class RawRequest
{
    private readonly RawConnection _connection;
    private bool _bodyRead;

    internal RawRequest(RawConnection connection, Head head)
    {
        _connection = connection;
        Head = head;
        Exchange = Exchange.Find(head.Value(Exchange.HeaderName));
        Exchange.OriginSaw.Add(head.StartLine);
        foreach (var (name, value) in head.Fields.Where(f => !f.Name.Equals(Exchange.HeaderName, StringComparison.OrdinalIgnoreCase)))
        {
            Exchange.OriginSaw.AddHeader(name, value);
        }

        Exchange.Origin.Raise(0);
    }

    /// <summary>Request line and headers, as they came.</summary>
    public Head Head { get; }

    /// <summary>The request target without its query.</summary>
    public string Path => Head.StartLine.Split(' ')[1].Split('?')[0];

    /// <summary>What the other end knows of this request.</summary>
    public Exchange Exchange { get; }

    /// <summary>Writes bytes; text as Latin-1, so that a char is a byte.</summary>
    public Task WriteAsync(string text) => _connection.WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Writes bytes.</summary>
    public Task WriteAsync(ReadOnlyMemory<byte> bytes) => _connection.WriteAsync(bytes);

    /// <summary>Writes one chunk of a chunked body, in one piece.</summary>
    public Task WriteChunkAsync(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        return WriteAsync($"{bytes.Length:x}\r\n{text}\r\n");
    }

    /// <summary>Waits until the client has so much of the response body; 0 for its head.</summary>
    public Task ClientHasAsync(long bytes) => Exchange.Client.ReachAsync(bytes);

    /// <summary>Reads the request body, noting what came. Call it before answering, or let it run beside the answer.</summary>
    public async Task<byte[]> ReadBodyAsync(Func<ReadOnlyMemory<byte>, Task>? onBytes = null)
    {
        _bodyRead = true;
        var whole = new MemoryStream();
        using var digest = new BodyDigest();
        await foreach (var piece in _connection.Reader.ReadBodyAsync(Framing.OfRequest(Head), Exchange.OriginSaw))
        {
            digest.Add(piece.Span);
            whole.Write(piece.Span);
            Exchange.Origin.Raise(digest.Length);
            if (onBytes is not null)
            {
                await onBytes(piece);
            }
        }

        Exchange.OriginSaw.AddBody("request body", digest);
        return whole.ToArray();
    }

    /// <summary>Never answers: ends when the proxy hangs up.</summary>
    public async Task HangAsync()
    {
        while (await _connection.Reader.ReadSomeAsync() is { Length: > 0 })
        {
        }

        _connection.Close();
    }

    /// <summary>Ends the connection in order (FIN).</summary>
    public void Close() => _connection.Close();

    /// <summary>Ends the connection with RST.</summary>
    public void Reset() => _connection.Reset();

    internal async Task DrainAsync()
    {
        if (!_bodyRead && !_connection.Closed)
        {
            await foreach (var _ in _connection.Reader.ReadBodyAsync(Framing.OfRequest(Head), new Transcript()))
            {
            }
        }
    }

    /// <summary>A complete response: status line, the given header lines, Content-Length and body.</summary>
    public static string Response(string status, string headers, string body) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status}\r\n{headers.ReplaceLineEndings("\r\n")}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
}
