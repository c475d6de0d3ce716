using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>A response body whose bytes are counted as it passes, because the origin does not state its length.</summary>
internal sealed class CountedBody(IHttpResponseBodyFeature inner) : PassingBody(inner)
{
    private long _bytes;
    private bool _isComplete = true;

    /// <summary>Counts the response's body from now on. When it has ended and nothing is missing, the count is reported.</summary>
    /// <param name="http">The request.</param>
    /// <param name="counted">Gets the number of bytes.</param>
    public static void AddTo(HttpContext http, Action<long> counted)
    {
        var body = new CountedBody(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        http.Features.Set<IHttpResponseBodyFeature>(body);
        http.Response.OnCompleted(() =>
        {
            if (body._isComplete && !OriginAnswer.IsBroken(http))
            {
                counted(body._bytes);
            }

            return Task.CompletedTask;
        });
    }

    protected override void Observe(ReadOnlyMemory<byte> bytes) => _bytes += bytes.Length;

    protected override void Bypassed() => _isComplete = false;
}
