using System.Text;
using Microsoft.AspNetCore.Connections;

namespace PushProxy.Server.Hosting;

/// <summary>
/// Answers a client that speaks http on a port for https with 400 and a sentence, as nginx does. TLS alone would only end its connection.
/// </summary>
internal static class PlainHttp
{
    private const string Text = "This port speaks HTTPS. Write https:// instead of http:// in the address.\n";

    private static readonly byte[] Answer = Encoding.ASCII.GetBytes(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
        + $"Content-Length: {Text.Length}\r\n\r\n{Text}");

    /// <summary>A connection middleware that comes before TLS.</summary>
    public static ConnectionDelegate Middleware(ConnectionDelegate next) => async connection =>
    {
        if (await BeginsWithLetterAsync(connection) is not { } isPlain)
        {
            return;
        }

        if (!isPlain)
        {
            await next(connection);
            return;
        }

        await connection.Transport.Output.WriteAsync(Answer);
        await connection.Transport.Output.CompleteAsync();
    };

    // A TLS record begins with its type, which is no letter (RFC 8446 §5.1). Null: the client has gone, or says nothing.
    private static async ValueTask<bool?> BeginsWithLetterAsync(ConnectionContext connection)
    {
        using var limit = FirstBytes.Limit(connection);
        try
        {
            var read = await connection.Transport.Input.ReadAsync(limit.Token);
            bool? isLetter = read.Buffer.IsEmpty ? null : char.IsAsciiLetter((char)read.Buffer.FirstSpan[0]);
            connection.Transport.Input.AdvanceTo(read.Buffer.Start);
            return isLetter;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return null;
        }
    }
}
