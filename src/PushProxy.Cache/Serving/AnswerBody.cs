using Microsoft.AspNetCore.Http;

namespace PushProxy.Cache.Serving;

/// <summary>The body of an answer from the store.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="Spared">How many bytes more it would be without its content coding.</param>
internal readonly record struct AnswerBody(ReadOnlyMemory<byte> Bytes, int Spared = 0)
{
    public Task WriteAsync(HttpContext http) =>
        Bytes.IsEmpty ? Task.CompletedTask : http.Response.Body.WriteAsync(Bytes, http.RequestAborted).AsTask();
}
