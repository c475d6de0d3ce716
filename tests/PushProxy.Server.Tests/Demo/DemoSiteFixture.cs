using System.Net;
using PushProxy.Server.Demo;

namespace PushProxy.Server.Tests.Demo;

/// <summary>One running demo site for the tests of a class, and a client that changes nothing on the way.</summary>
public sealed class DemoSiteFixture : IAsyncLifetime
{
    private DemoSite? _site;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None });

    public async ValueTask InitializeAsync()
    {
        _site = await DemoSite.StartAsync(TestContext.Current.CancellationToken);
        Client.BaseAddress = _site.Address;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, headers);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
