using System.Text;

namespace PushProxy.Server.Dashboard;

/// <summary>Answers requests for the page, which can be read and nothing else.</summary>
internal static class DashboardEndpoint
{
    /// <summary>Adds what the page needs. It counts from then on when the services are first asked for.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<Figures.Tally>();
        services.AddSingleton<DashboardSource>();
    }

    public static Task AnswerAsync(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.Headers.Allow = "GET, HEAD";
            return WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "text/plain", "The dashboard can only be read.\n");
        }

        if (DashboardQuery.Read(request.Query, out var error) is not { } query)
        {
            return WriteAsync(http, StatusCodes.Status400BadRequest, "text/plain; charset=utf-8", error + "\n");
        }

        var source = http.RequestServices.GetRequiredService<DashboardSource>();
        var data = source.Read();
        var page = query.IsLive ? DashboardPage.Live(data)
            : query.Asked is { } asked ? DashboardPage.Whole(data, asked, source.Search(asked)) : DashboardPage.Whole(data);
        response.Headers.ContentSecurityPolicy = DashboardPage.Policy;
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return WriteAsync(http, StatusCodes.Status200OK, "text/html; charset=utf-8", page);
    }

    // Addresses of the site's pages stand in the query string of searches: no other site is to be told.
    private static Task WriteAsync(HttpContext http, int status, string type, string text)
    {
        var (response, bytes) = (http.Response, Encoding.UTF8.GetBytes(text));
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = bytes.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }
}
