using System.IO.Hashing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Forwarding;

/// <summary>A response body that is hashed as it passes. The hash is its version, because the origin names none.</summary>
internal sealed class HashedBody(IHttpResponseBodyFeature inner) : PassingBody(inner)
{
    private readonly XxHash128 _hash = new();
    private bool _isComplete = true;

    /// <summary>The hash of what has passed; null if some of it passed unseen.</summary>
    public UInt128? Hash => _isComplete ? _hash.GetCurrentHashAsUInt128() : null;

    /// <summary>Hashes the response's body from now on, as it passes.</summary>
    public static HashedBody AddTo(HttpContext http)
    {
        var hashed = new HashedBody(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        http.Features.Set<IHttpResponseBodyFeature>(hashed);
        return hashed;
    }

    protected override void Observe(ReadOnlyMemory<byte> bytes) => _hash.Append(bytes.Span);

    protected override void Bypassed() => _isComplete = false;
}
