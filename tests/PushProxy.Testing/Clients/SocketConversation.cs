using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using PushProxy.Testing.Comparing;

namespace PushProxy.Testing.Clients;

/// <summary>Talks to an echoing WebSocket, over HTTP/1.1 or HTTP/2 (RFC 8441), and writes down what it hears.</summary>
public static class SocketConversation
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Connects, sends a text, 100 kB and an empty message, and closes.</summary>
    /// <param name="url">Of the socket: http or https.</param>
    /// <param name="version">1.1 or 2.0.</param>
    public static async Task<Transcript> HoldAsync(Uri url, Version version)
    {
        var transcript = new Transcript();
        using var limit = new CancellationTokenSource(Patience);
        using var handler = Http2Client.NewHandler();
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = version;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.AddSubProtocol("first.v1");
        socket.Options.AddSubProtocol("second.v1");
        try
        {
            await socket.ConnectAsync(new UriBuilder(url) { Scheme = url.Scheme == "https" ? "wss" : "ws" }.Uri, invoker, limit.Token);
        }
        catch (WebSocketException)
        {
            transcript.Add("refused");
        }

        AddAnswer(transcript, socket);
        if (socket.State == WebSocketState.Open)
        {
            await EchoAsync(transcript, socket, "hello"u8.ToArray(), WebSocketMessageType.Text, limit.Token);
            await EchoAsync(transcript, socket, RandomNumberGenerator.GetBytes(100_000), WebSocketMessageType.Binary, limit.Token);
            await EchoAsync(transcript, socket, [], WebSocketMessageType.Text, limit.Token);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "enough", limit.Token);
            transcript.Add($"closed {socket.CloseStatus} '{socket.CloseStatusDescription}'");
        }

        return transcript;
    }

    private static void AddAnswer(Transcript transcript, ClientWebSocket socket)
    {
        transcript.Add($"status {(int)socket.HttpStatusCode}, protocol '{socket.SubProtocol}'");
        foreach (var (name, values) in socket.HttpResponseHeaders ?? new Dictionary<string, IEnumerable<string>>())
        {
            // The accept value answers this connection's own key.
            transcript.AddHeader(
                name, name.Equals("Sec-WebSocket-Accept", StringComparison.OrdinalIgnoreCase) ? "…" : string.Join(" | ", values));
        }
    }

    private static async Task EchoAsync(
        Transcript transcript, ClientWebSocket socket, byte[] message, WebSocketMessageType type, CancellationToken cancellation)
    {
        await socket.SendAsync(message.AsMemory(), type, endOfMessage: true, cancellation);
        var (heard, buffer) = (new MemoryStream(), new byte[16 * 1024]);
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            heard.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        var bytes = heard.ToArray();
        var what = bytes.AsSpan().SequenceEqual(message) ? "as sent" : "not as sent: " + Encoding.Latin1.GetString(bytes);
        transcript.Add($"{part.MessageType} of {bytes.Length} bytes, {what}");
    }
}
