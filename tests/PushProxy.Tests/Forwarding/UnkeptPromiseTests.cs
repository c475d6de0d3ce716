using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.Tests.Forwarding;

/// <summary>Promised requests that something of the application answers before the proxy's routes do.</summary>
public sealed class UnkeptPromiseTests
{
    [Theory]
    [InlineData(302, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(400, true)]
    [InlineData(408, true)]
    [InlineData(429, true)]
    [InlineData(499, true)]
    [InlineData(503, true)]
    [InlineData(0, true)]
    public async Task What_the_application_answers_is_not_pushed_and_what_it_refuses_not_promised_again(int status, bool again)
    {
        var answers = new Answers("/bad.js", status);
        await using var site = await ProxiedSite.StartAsync(
            http => http.Request.Path == "/" ? ProxiedSite.Html(http, "<script src=/good.js></script><script src=/bad.js></script>") : Script(http),
            services: services => services.AddSingleton<IStartupFilter>(answers), http2: true);
        await site.UntilAsync("learned");
        answers.Begin();

        var page = new Uri(site.Address);
        var seen = await Nghttp.RunAsync(page);

        Assert.Equal(("CANCEL", 0), (seen.Pushed("/bad.js")!.End, seen.Pushed("/bad.js")!.Bytes));
        Assert.Null(seen.Pushed("/bad.js")!.Answer);
        Assert.Equal("complete", seen.Pushed("/good.js")!.End);
        Assert.Equal((200, "complete"), (seen.Page!.Status, seen.PageEnd));
        Assert.Empty(seen.Errors);
        Assert.Equal(again, (await Nghttp.RunAsync(page)).Pushed("/bad.js") is not null);
    }

    private static Task Script(HttpContext http)
    {
        http.Response.ContentType = "text/javascript";
        http.Response.Headers.CacheControl = "max-age=60";
        return http.Response.WriteAsync("0");
    }

    // 0 for one that throws.
    private sealed class Answers(string path, int status) : IStartupFilter
    {
        private volatile bool _begun;

        public void Begin() => _begun = true;

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (http, pipeline) =>
            {
                if (!_begun || http.Request.Path != path)
                {
                    await pipeline(http);
                    return;
                }

                http.Response.StatusCode = status == 0 ? throw new InvalidOperationException("The application fails.") : status;
            });
            next(app);
        };
    }
}
