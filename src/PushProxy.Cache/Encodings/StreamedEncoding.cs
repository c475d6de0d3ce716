using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;

namespace PushProxy.Cache.Encodings;

/// <summary>Decides for the framework's response compression: which responses are encoded while they stream, and how.</summary>
/// <param name="encoders">The codings, those first that are preferred if a client wants several alike.</param>
/// <param name="policy">Says for which requests.</param>
internal sealed class StreamedEncoding(IEnumerable<IContentEncoder> encoders, IHttpCachePolicy policy) : IResponseCompressionProvider
{
    private readonly Provider[] _providers = [.. encoders.Select(static e => new Provider(e))];

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
            if (ShouldCompressResponse(context) && GetCompressionProvider(context) is { } provider)
            {
                context.Response.Headers.ContentEncoding = provider.EncodingName;
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

    public ICompressionProvider? GetCompressionProvider(HttpContext context) => Choose(context.Request.Headers);

    private Provider? Choose(IHeaderDictionary request) => AcceptedCodings.Choose(request, _providers, static p => p.EncodingName);

    private sealed class Provider(IContentEncoder encoder) : ICompressionProvider
    {
        public string EncodingName => encoder.Name;

        public bool SupportsFlush => true;

        public Stream CreateStream(Stream outputStream) => encoder.Quick(outputStream);
    }
}
