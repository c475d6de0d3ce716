using System.CommandLine;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Yarp.ReverseProxy.Configuration;

namespace PushProxy.Load;

/// <summary>The reference: YARP as its documentation sets it up, over the same Kestrel and the same listener.</summary>
internal static class StockYarpCommand
{
    public static Command Create()
    {
        var origin = new Option<string>("--origin") { Required = true };
        var certificate = new Option<string>("--cert") { Required = true };
        var key = new Option<string>("--key") { Required = true };
        var address =
            new Option<string>("--address") { Description = "The address it listens on.", DefaultValueFactory = static _ => "127.0.0.1" };
        var command = new Command(
            "stock", "Run stock YARP in front of an origin, on a port the system chooses.") { origin, certificate, key, address };
        command.SetAction(async (result, cancellation) =>
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                var pem = X509Certificate2.CreateFromPemFile(result.GetValue(certificate)!, result.GetValue(key));
                kestrel.Listen(IPAddress.Parse(result.GetValue(address)!), 0, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1AndHttp2;
                    listen.UseHttps(pem);
                });
            });
            var destinations = new Dictionary<string, DestinationConfig> { ["o"] = new() { Address = result.GetValue(origin)! } };
            builder.Services.AddReverseProxy().LoadFromMemory(
                [new RouteConfig { RouteId = "all", ClusterId = "origin", Match = new RouteMatch { Path = "/{**all}" } }],
                [new ClusterConfig { ClusterId = "origin", Destinations = destinations }]);
            var app = builder.Build();
            app.MapReverseProxy();
            await app.StartAsync(cancellation);
            Console.WriteLine($"Listening on {app.Urls.Single()}");
            await app.WaitForShutdownAsync(cancellation);
        });
        return command;
    }
}
