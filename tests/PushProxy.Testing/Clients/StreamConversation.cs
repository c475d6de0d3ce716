using System.Net;
using System.Net.Http.Headers;
using System.Text;
using PushProxy.Testing.Comparing;

namespace PushProxy.Testing.Clients;

/// <summary>
/// A bidirectional call in the manner of gRPC: each message is answered before the next is sent, the result is in the trailers.
/// </summary>
public static class StreamConversation
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Sends messages over HTTP/2 to what echoes them.</summary>
    public static async Task<Transcript> HoldAsync(Uri url, params string[] messages)
    {
        var transcript = new Transcript();
        using var limit = new CancellationTokenSource(Patience);
        using var client = new HttpClient(Http2Client.NewHandler());
        var messagesSent = new SpokenContent();
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = messagesSent,
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        try
        {
            await TalkAsync(client, request, messagesSent, messages, transcript, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            transcript.Add($"failed: {e.GetType().Name} {(e.InnerException ?? e).Message}");
        }

        return transcript;
    }

    private static async Task TalkAsync(
        HttpClient client, HttpRequestMessage request, SpokenContent messagesSent, string[] messages, Transcript transcript,
        CancellationToken cancellation)
    {
        // YARP passes the response's head along with its first bytes, so the first message goes before there is a head.
        var sending = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        var saying = messages.Length > 0 ? messagesSent.SayAsync(Encoding.UTF8.GetBytes(messages[0])) : Task.CompletedTask;
        using var response = await sending;
        await saying;
        transcript.Add($"HTTP/{response.Version} {(int)response.StatusCode}");
        AddFields(transcript, response.Headers);
        AddFields(transcript, response.Content.Headers);
        await using var answers = await response.Content.ReadAsStreamAsync(cancellation);
        foreach (var (index, message) in messages.Index())
        {
            await (index == 0 ? saying : messagesSent.SayAsync(Encoding.UTF8.GetBytes(message)).WaitAsync(cancellation));
            var answer = new byte[message.Length];
            await answers.ReadExactlyAsync(answer, cancellation);
            transcript.Add($"said '{message}', heard '{Encoding.UTF8.GetString(answer)}'");
        }

        messagesSent.End();
        transcript.Add($"then {await answers.ReadAsync(new byte[1], cancellation)} bytes");
        foreach (var (name, value) in response.TrailingHeaders.NonValidated)
        {
            transcript.Add($"trailer {name}: {value}");
        }
    }

    private static void AddFields(Transcript transcript, HttpHeaders headers)
    {
        foreach (var (name, values) in headers.NonValidated)
        {
            transcript.AddHeader(name, values.ToString());
        }
    }

    private sealed class SpokenContent : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SpokenContent() => Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        public async Task SayAsync(byte[] message)
        {
            var stream = await _stream.Task;
            await stream.WriteAsync(message);
            await stream.FlushAsync();
        }

        public void End() => _ended.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            _stream.SetResult(stream);
            await _ended.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            _ended.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
