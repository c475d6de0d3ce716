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

    public static async Task AnswerAsync(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);

        // Addresses of the site's pages stand in the query string of searches: no other site is to be told.
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.Headers.Allow = "GET, HEAD";
            await RefuseAsync(response, StatusCodes.Status405MethodNotAllowed, "The dashboard can only be read.");
        }
        else if (DashboardQuery.Read(request.Query, out var error) is not { } query)
        {
            await RefuseAsync(response, StatusCodes.Status400BadRequest, error);
        }
        else
        {
            response.ContentType = "text/html; charset=utf-8";
            response.Headers.ContentSecurityPolicy = DashboardPage.Policy;
            response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
            if (HttpMethods.IsGet(request.Method))
            {
                await WriteAsync(response, query, http.RequestServices.GetRequiredService<DashboardSource>());
            }
        }
    }

    private static async Task WriteAsync(HttpResponse response, DashboardQuery query, DashboardSource source)
    {
        var data = source.Read();
        if (query.IsLive)
        {
            await response.WriteAsync(DashboardPage.Live(source.Survey(data)));
            return;
        }

        await response.WriteAsync(DashboardPage.Beginning(data, query.Asked, query.Asked is { } asked ? source.Search(asked) : null));

        // What is there is painted before all pages are looked over.
        await response.BodyWriter.FlushAsync();
        await response.WriteAsync(DashboardPage.End(source.Survey(data)));
    }

    private static Task RefuseAsync(HttpResponse response, int status, string why)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync(why + "\n");
    }
}
