using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace PushProxy.Cache.Serving;

/// <summary>The body of an answer from the store.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="Spared">How many bytes more it would be without its content coding.</param>
internal readonly record struct AnswerBody(ReadOnlyMemory<byte> Bytes, int Spared = 0)
{
    /// <summary>More than this is not handed over at once: it waits for the client's flow control.</summary>
    private const int MaxAtOnce = 64 * 1024;

    /// <summary>Writes it.</summary>
    /// <param name="http">The request.</param>
    /// <param name="isDirect">Whether nobody between here and the server looks at what is written.</param>
    public Task WriteAsync(HttpContext http, bool isDirect)
    {
        if (Bytes.IsEmpty)
        {
            return Task.CompletedTask;
        }

        if (!isDirect || Bytes.Length > MaxAtOnce)
        {
            return http.Response.Body.WriteAsync(Bytes, http.RequestAborted).AsTask();
        }

        // It is flushed with the end of the response. Otherwise that would be a frame of its own, and could come a round trip later.
        http.Response.BodyWriter.Write(Bytes.Span);
        return Task.CompletedTask;
    }
}
