using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Client;
using PushProxy.Forwarding;
using PushProxy.Forwarding.Shells;
using PushProxy.Knowledge.Shells;
using PushProxy.Model;
using PushProxy.Tests.Knowledge.Shells;
using Xunit;
using Yarp.ReverseProxy.Forwarder;

namespace PushProxy.Tests.Forwarding.Shells;

public class ShellForwarderTests
{
    private static readonly Shell Shell = new(
        "<p>"u8.ToArray(), ShellFields.Of(new HeaderDictionary { ["Content-Type"] = "text/html" }, out _)!, ForbidsScripts: true);

    [Theory]
    [InlineData(404)]
    [InlineData(200)]
    public async Task What_fails_inside_the_proxy_is_not_taken_for_a_whole_answer(int status)
    {
        await using var site = await ProxiedSite.StartAsync(
            () => "", options => options.Defaults = options.Defaults with { Shell = ShellMode.On });
        var keeping = new KeptAnswers(new ShellOptions(), TimeProvider.System);
        using var client = new ClientSide();
        var http = client.Request();
        (http.Request.Method, http.Request.Protocol) = ("GET", "HTTP/2");
        var visit = new ShellVisit(
            new PageKey("route", "site.test", "/page"), VisitedSite.Key("/page"), Client: 1, Source: null, Expected: null,
            site.Services.GetRequiredService<ShellStore>().SiteOf("site.test"));
        var forwarder = new ShellForwarder(new Failing(keeping, visit, status), site.Services.GetRequiredService<ShellFlow>());
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await SendAsync(forwarder, http));

        // Of a wrong shell the client has heard already.
        Assert.Equal(status == 200, client.IsAborted);
        Assert.Equal(status == 404, client.IsComplete);
        if (status == 404)
        {
            using var again = new ClientSide();
            var reload = again.Request();
            await keeping.Take(reload)!.AnswerAsync(reload);
            Assert.Equal((404, true), (again.StatusCode, again.IsAborted));
        }
    }

    [Fact]
    public async Task A_request_without_a_shell_is_forwarded_as_it_is()
    {
        await using var site = await ProxiedSite.StartAsync(
            () => "", options => options.Defaults = options.Defaults with { Shell = ShellMode.On });
        var forwarder = new ShellForwarder(new Failing(null, null, null), site.Services.GetRequiredService<ShellFlow>());
        using var client = new ClientSide();
        Assert.Equal(ForwarderError.NoAvailableDestinations, await SendAsync(forwarder, client.Request()));
    }

    private static ValueTask<ForwarderError> SendAsync(ShellForwarder forwarder, HttpContext http) => forwarder.SendAsync(
        http, "", new HttpMessageInvoker(new HttpClientHandler()), new(), HttpTransformer.Default, TestContext.Current.CancellationToken);

    /// <summary>Fails in the middle of an answer; or, without a status, before it.</summary>
    private sealed class Failing(KeptAnswers? keeping, ShellVisit? visit, int? status) : IHttpForwarder
    {
        public ValueTask<ForwarderError> SendAsync(
            HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig,
            HttpTransformer transformer) =>
            throw new NotSupportedException();

        public async ValueTask<ForwarderError> SendAsync(
            HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig,
            HttpTransformer transformer, CancellationToken cancellationToken)
        {
            if (status is null || keeping is null)
            {
                return ForwarderError.NoAvailableDestinations;
            }

            var response = await ShellResponse.SendAsync(context, Shell, new HeaderDictionary(), keeping, ShellLifetime.Of(context)!);
            context.Features.Set<RequestNotes>(new ProxiedRequest { Shell = visit, ShellResponse = response });
            (context.Response.StatusCode, context.Response.ContentType) = (status.Value, "text/html");
            await response.JudgeAsync();
            await context.Response.Body.WriteAsync("<p"u8.ToArray(), cancellationToken);
            throw new InvalidOperationException("A transform has failed.");
        }
    }
}
