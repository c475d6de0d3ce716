using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Forwarder;

namespace PushProxy.Forwarding.Shells;

/// <summary>Forwards as YARP does, and ends what stood in for a response after its shell was sent.</summary>
internal sealed class ShellForwarder(IHttpForwarder inner, ShellFlow shells) : IHttpForwarder
{
    /// <summary>Puts it before the forwarder that <c>AddReverseProxy()</c> has registered.</summary>
    public static void Wrap(IServiceCollection services)
    {
        if (services.LastOrDefault(static s => s.ServiceType == typeof(IHttpForwarder)) is not { ImplementationType: { } forwarder })
        {
            return;
        }

        services.Replace(ServiceDescriptor.Singleton<IHttpForwarder>(provider => new ShellForwarder(
            (IHttpForwarder)ActivatorUtilities.CreateInstance(provider, forwarder), provider.GetRequiredService<ShellFlow>())));
    }

    public ValueTask<ForwarderError> SendAsync(
        HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig,
        HttpTransformer transformer)
    {
        return shells.MayBegin(context.Request)
            ? SendAsync(context, () => inner.SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer))
            : inner.SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer);
    }

    public ValueTask<ForwarderError> SendAsync(
        HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig,
        HttpTransformer transformer, CancellationToken cancellationToken)
    {
        return shells.MayBegin(context.Request)
            ? SendAsync(
                context, () => inner.SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, cancellationToken))
            : inner.SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, cancellationToken);
    }

    private async ValueTask<ForwarderError> SendAsync(HttpContext http, Func<ValueTask<ForwarderError>> send)
    {
        // YARP looks at the lifetime when it begins.
        using var lifetime = ShellLifetime.Place(http);
        var result = ForwarderError.None;
        try
        {
            result = await send();
        }
        catch
        {
            // What has come of the answer is not all of it.
            ProxiedRequest.Find(http)?.ShellResponse?.Abort();
            throw;
        }
        finally
        {
            if (ProxiedRequest.Find(http) is { ShellResponse: not null } request)
            {
                await shells.FinishAsync(request, failed: result != ForwarderError.None);
            }
        }

        return result;
    }
}
