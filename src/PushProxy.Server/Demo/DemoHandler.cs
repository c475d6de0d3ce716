using Microsoft.Net.Http.Headers;

namespace PushProxy.Server.Demo;

/// <summary>Answers requests from the site's files, the way a well-kept server of its day did.</summary>
internal sealed class DemoHandler(DemoFiles files)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return;
        }

        var file = files.Find(context.Request.Path);
        if (file is null)
        {
            await NotFoundAsync(context);
            return;
        }

        if (file.IsPage)
        {
            await Task.Delay(ThinkTime.Of(context.Request), context.RequestAborted);
        }

        await SendAsync(context, file);
    }

    private static Task SendAsync(HttpContext context, DemoFile file)
    {
        var response = context.Response;
        response.Headers.CacheControl = file.IsPage ? "no-cache" : "public, max-age=3600";
        var body = file.Plain;
        if (file.Compressed is { } compressed)
        {
            response.Headers.Vary = HeaderNames.AcceptEncoding;
            if (AcceptsGzip(context.Request))
            {
                body = compressed;
                response.OnStarting(NameEncoding, response);
            }
        }

        // Takes care of HEAD, If-None-Match, If-Modified-Since, Range and If-Range.
        return TypedResults.Bytes(
            body.Bytes, file.ContentType, fileDownloadName: null, enableRangeProcessing: file.IsImage, DemoFile.LastModified, body.ETag)
            .ExecuteAsync(context);
    }

    private static Task NameEncoding(object state)
    {
        var response = (HttpResponse)state;
        if (response.StatusCode != StatusCodes.Status304NotModified)
        {
            response.Headers.ContentEncoding = "gzip";
        }

        return Task.CompletedTask;
    }

    private static bool AcceptsGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding
            .Any(coding => coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && coding.Quality != 0);

    private async Task NotFoundAsync(HttpContext context)
    {
        var page = files.NotFound;
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = page.ContentType;
        context.Response.ContentLength = page.Plain.Bytes.Length;
        context.Response.Headers.CacheControl = "no-cache";
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(page.Plain.Bytes, context.RequestAborted);
        }
    }
}
