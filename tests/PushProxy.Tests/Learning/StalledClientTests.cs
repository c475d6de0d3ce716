using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Learning;
using PushProxy.Testing;
using PushProxy.Tests.Forwarding;
using Xunit;

namespace PushProxy.Tests.Learning;

/// <summary>Clients that ask for large pages and do not take them keep nobody else's pages from being learned.</summary>
public sealed class StalledClientTests
{
    private const string Head = "<!doctype html><head><link rel=stylesheet href=/a.css></head><body>";

    [Fact]
    public Task Seventy_requests_on_one_connection() => OthersLearnAsync(connections: 1, requests: 70, TimeSpan.FromMinutes(1));

    [Fact]
    public Task Seventy_connections_of_one_address() => OthersLearnAsync(connections: 70, requests: 1, TimeSpan.FromMinutes(1));

    [Fact]
    public Task Seventy_connections_of_seventy_addresses() => OthersLearnAsync(connections: 70, requests: 1, TimeSpan.FromMilliseconds(500), "127.1.{0}.1");

    private static async Task OthersLearnAsync(int connections, int requests, TimeSpan stallTime, string from = "127.0.0.1")
    {
        await using var site = await ProxiedSite.StartAsync(
            http =>
            {
                if (http.Request.Path == "/a.css")
                {
                    http.Response.ContentType = "text/css";
                    return Task.CompletedTask;
                }

                // It states its length, and the page that the others want is as long.
                var html = Head + http.Request.Path + new string(' ', 500_000);
                http.Response.ContentType = "text/html";
                http.Response.ContentLength = html.Length;
                return http.Response.WriteAsync(html);
            },
            o => o.Learning = o.Learning with { MaxBufferedBytes = 2 << 20, CopyStallTime = stallTime },
            http2: true);
        var budget = site.Services.GetRequiredService<CopyBudget>();
        using var skipped = new Counters(site, "pushproxy.learning.skipped");
        var clients = new List<HttpClient>();
        var answers = new List<HttpResponseMessage>();
        try
        {
            for (var i = 0; i < connections; i++)
            {
                var client = ProxiedSite.Browser(site.Address, IPAddress.Parse(string.Format(null, from, i)), window: 64 * 1024);
                clients.Add(client);
                for (var n = 0; n < requests; n++)
                {
                    // The answer is not read: its window is used up, and it stays where it is.
                    answers.Add(await client.GetAsync(new Uri($"/{i}/{n}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken));
                }
            }

            await skipped.UntilAsync("reason", "busy", 1);
            var other = site.From("127.0.1.1");
            await other.UntilAsync("learned", "/other");
            Assert.InRange(budget.Used, 0, 2 << 20);
        }
        finally
        {
            answers.ForEach(answer => answer.Dispose());
            clients.ForEach(client => client.Dispose());
        }

        await Eventually.TrueAsync(() => budget.Used == 0, () => $"Copies of {budget.Used} bytes were not given back.");
    }
}
