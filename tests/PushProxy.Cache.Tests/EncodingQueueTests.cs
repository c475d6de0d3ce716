using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Cache.Encodings;
using PushProxy.Cache.Flights;
using PushProxy.Cache.Store;
using PushProxy.Cache.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Cache.Tests;

/// <summary>What waits to be encoded is bounded in bytes.</summary>
public sealed class EncodingQueueTests
{
    [Fact]
    public async Task What_is_beyond_the_bound_is_encoded_when_it_is_asked_for_again()
    {
        // Six of 7 MiB are more than 32 MiB.
        const int Bodies = 6;
        using var slow = new SlowEncoder();
        await using var site = await CachedSite.StartAsync(
            static async http =>
            {
                http.Response.Headers.CacheControl = "max-age=600";
                http.Response.ContentType = "text/css";
                await http.Response.WriteAsync(new string('x', 7 * 1024 * 1024));
            },
            services: services => services.AddSingleton<IContentEncoder>(slow));
        for (var i = 0; i < Bodies; i++)
        {
            await site.GetAsync($"/{i}.css");
        }

        Assert.False(Stored(site, 0).LacksForms);
        Assert.True(Stored(site, Bodies - 1).LacksForms);
        slow.Go();
        await UntilIdleAsync(site);
        Assert.NotNull(Stored(site, 0).Forms);
        Assert.Null(Stored(site, Bodies - 1).Forms);
        await site.GetAsync($"/{Bodies - 1}.css");
        await UntilIdleAsync(site);
        Assert.NotNull(Stored(site, Bodies - 1).Forms);
    }

    private static Task UntilIdleAsync(CachedSite site) => Eventually.TrueAsync(
        () => site.Services.GetRequiredService<EncodingWorker>().IsIdle, () => "Forms are still being made.");

    private static StoredResponse Stored(CachedSite site, int i) => site.Services.GetRequiredService<ResponseStore>().Peek(
        CacheKey.Of("http", site.Address.Authority, $"/{i}.css"), new HeaderDictionary())!;

    private sealed class SlowEncoder : IContentEncoder, IDisposable
    {
        private readonly ManualResetEventSlim _gate = new();

        public string Name => "slow";

        public void Go() => _gate.Set();

        public Stream Quick(Stream destination) => throw new NotSupportedException();

        public byte[] Best(ReadOnlyMemory<byte> body)
        {
            _gate.Wait();
            return [1];
        }

        public void Dispose()
        {
            _gate.Set();
            _gate.Dispose();
        }
    }
}
