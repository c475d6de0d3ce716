using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using PushProxy.Cache.Diagnostics;
using PushProxy.Cache.Encodings;

namespace PushProxy.Cache.Serving;

/// <summary>Decides for the framework's response compression: which responses are encoded while they stream, and how.</summary>
/// <param name="encoders">The codings, those first that are preferred if a client wants several alike.</param>
/// <param name="policy">Says for which requests.</param>
/// <param name="metrics">Counts what they save.</param>
internal sealed class StreamedEncoding(IEnumerable<IContentEncoder> encoders, IHttpCachePolicy policy, HttpCacheMetrics metrics)
    : IResponseCompressionProvider
{
    private readonly IContentEncoder[] _encoders = [.. encoders];

    public bool CheckRequestAcceptsCompression(HttpContext context)
    {
        if (!(context.Features.Get<LookedUp>()?.Rules ?? policy.RulesOf(context)).Encodes)
        {
            return false;
        }

        WeakenedTags.Name(context);
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            return true;
        }

        // A HEAD has the fields of the GET, and no body that would be encoded (RFC 9110 §9.3.2).
        context.Response.OnStarting(() =>
        {
            if (ShouldCompressResponse(context) && Choose(context.Request.Headers) is { } encoder)
            {
                context.Response.Headers.ContentEncoding = encoder.Name;
                context.Response.ContentLength = null;
            }

            return Task.CompletedTask;
        });
        return false;
    }

    public bool ShouldCompressResponse(HttpContext context)
    {
        var response = context.Response;
        if (!Encodable.Is(response, response.ContentLength))
        {
            return false;
        }

        EncodedHead.Varies(response);
        if (Choose(context.Request.Headers) is null)
        {
            return false;
        }

        // The framework itself says which coding it is.
        EncodedHead.OtherBytes(response);
        return true;
    }

    public ICompressionProvider? GetCompressionProvider(HttpContext context) =>
        Choose(context.Request.Headers) is { } encoder ? new CountedEncoding(encoder, metrics.For(policy.RulesOf(context))) : null;

    private IContentEncoder? Choose(IHeaderDictionary request) => AcceptedCodings.Choose(request, _encoders, static e => e.Name);
}
