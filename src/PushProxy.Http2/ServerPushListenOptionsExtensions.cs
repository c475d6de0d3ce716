using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PushProxy.Http2.Connections;

namespace PushProxy.Http2;

/// <summary>Adds server push and 1xx responses to a Kestrel endpoint.</summary>
public static class ServerPushListenOptionsExtensions
{
    /// <summary>
    /// Lets requests over HTTP/2 on this endpoint push (<see cref="ServerPushHttpContextExtensions.ServerPush"/>) and send 1xx
    /// responses (<see cref="ServerPushHttpContextExtensions.InformationalResponse"/>). Call it <em>after</em> <c>UseHttps()</c>,
    /// because it has to see plaintext. It applies to connections with ALPN <c>h2</c>, and to all connections of an endpoint without
    /// TLS whose <see cref="ListenOptions.Protocols"/> is <see cref="HttpProtocols.Http2"/>. It does not change HTTP/1.1 (but for
    /// <see cref="ServerPushOptions.InformationalOverHttp1"/>) and HTTP/3.
    /// </summary>
    /// <param name="listenOptions">The endpoint.</param>
    /// <param name="configure">Changes the options from their defaults.</param>
    /// <exception cref="ValidationException">An option is out of range.</exception>
    public static ListenOptions UseServerPush(this ListenOptions listenOptions, Action<ServerPushOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(listenOptions);
        var options = new ServerPushOptions();
        configure?.Invoke(options);
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        listenOptions.Use(next => new ServerPushConnectionMiddleware(next, options, listenOptions).OnConnectionAsync);
        return listenOptions;
    }
}
