using Microsoft.Extensions.DependencyInjection;
using PushProxy;
using PushProxy.Forwarding.Beacon;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds to the pipeline what PushProxy answers itself.</summary>
public static class PushProxyApplicationBuilderExtensions
{
    /// <summary>
    /// Answers for the script of <see cref="DeliveryPolicy.Beacon"/> and takes its records. Without it, no page gets the tag. Put it after
    /// what finds out a client's address and scheme, and before routing. All other requests pass.
    /// </summary>
    /// <param name="app">The application. <c>AddPushProxy</c> must have been called.</param>
    /// <returns>The same application, so that calls can be chained.</returns>
    public static IApplicationBuilder UsePushProxyBeacon(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var endpoint = app.ApplicationServices.GetRequiredService<BeaconEndpoint>();
        var pages = app.ApplicationServices.GetRequiredService<BeaconPages>();
        pages.IsServed = true;
        return app.Use(next => http => pages.IsOn && endpoint.RouteOf(http, out var isCurrent) is { } route
            ? endpoint.AnswerAsync(http, route, isCurrent) : next(http));
    }
}
