using Microsoft.AspNetCore.Http;

namespace PushProxy.Cache.Serving;

/// <summary>The body of an answer from the store.</summary>
/// <param name="Bytes">All of it.</param>
internal readonly record struct AnswerBody(ReadOnlyMemory<byte> Bytes)
{
    public Task WriteAsync(HttpContext http) =>
        Bytes.IsEmpty ? Task.CompletedTask : http.Response.Body.WriteAsync(Bytes, http.RequestAborted).AsTask();
}
