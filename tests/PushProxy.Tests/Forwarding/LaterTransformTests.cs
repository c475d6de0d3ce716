using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace PushProxy.Tests.Forwarding;

/// <summary>What an application registers after PushProxy is not undone by sending the target as it was sent.</summary>
public class LaterTransformTests
{
    [Fact]
    public async Task A_transform_that_is_registered_later_comes_first()
    {
        await using var site = await ProxiedSite.StartAsync(
            http => http.Response.WriteAsync(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget),
            services: services => services.AddSingleton<ITransformProvider, LateProvider>());
        using var client = ProxiedSite.Browser(site.Address);
        Assert.Equal("/a%2Fb?x=|", await client.GetStringAsync(new Uri(site.Address + "/a%2Fb?x=|", s_asItIs), TestContext.Current.CancellationToken));
        Assert.Equal("/set?x=%7C", await client.GetStringAsync(new Uri(site.Address + "/late/%41?x=|", s_asItIs), TestContext.Current.CancellationToken));
    }

    private sealed class LateProvider : ITransformProvider
    {
        public void ValidateRoute(TransformRouteValidationContext context)
        {
        }

        public void ValidateCluster(TransformClusterValidationContext context)
        {
        }

        public void Apply(TransformBuilderContext context) => context.AddRequestTransform(request =>
        {
            if (request.Path.StartsWithSegments("/late"))
            {
                request.Path = "/set";
            }

            return default;
        });
    }

    private static readonly UriCreationOptions s_asItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };
}
