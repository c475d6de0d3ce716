using System.CommandLine;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using PushProxy.Server.Configuration;
using PushProxy.Server.Demo;
using PushProxy.Server.Hosting;

namespace PushProxy.Server.Commands;

/// <summary><c>pushproxy run</c>: stands in front of a site until it is stopped.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var command = new Command("run", "Stand in front of a site. The program does the same if no verb is given.");
        AddTo(command);
        return command;
    }

    public static void AddTo(Command command)
    {
        CommonOptions.AddTo(command);
        command.SetAction(RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        if (await CommonOptions.LoadAsync(result) is not { } configuration)
        {
            return CommonOptions.BadConfiguration;
        }

        var options = ServerOptions.From(configuration.Root.GetSection(ConfigurationValidator.Section));
        DemoSite? demo = null;
        if (configuration.HasNoSite)
        {
            demo = await DemoSite.StartAsync(cancellation);

            // Who tries the demo is alone, and nobody's names are in its pages.
            configuration.Root[$"{ConfigurationValidator.Section}:Learning:NamedBy"] ??= "1";
        }

        try
        {
            var origin = demo?.Address;
            if (options.Origin is not null && !OriginAddress.TryParse(options.Origin, out origin, out _))
            {
                throw new InvalidOperationException("The configuration was validated, but its origin is not an address.");
            }

            var (app, listeners) = ProxyHost.Build(configuration, origin);
            await using (app)
            {
                await StartAsync(app, cancellation);
                await StartMessage.WriteAsync(Console.Out, configuration.File?.FilePath, listeners, origin, demo);
                await app.Services.GetRequiredService<Stopping>().StopWhenToldAsync(app, cancellation);
            }

            return 0;
        }
        catch (OptionsValidationException e)
        {
            // What was valid when it was checked need not be any more, such as a certificate file.
            foreach (var failure in e.Failures)
            {
                await Terminal.ComplainAsync(failure);
            }

            return CommonOptions.BadConfiguration;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or SocketException)
        {
            // A port that is taken or not allowed, a folder that can't be written: a sentence helps, a stack trace does not.
            await Terminal.ComplainAsync(e.Message + Remedy(e));
            return 1;
        }
        finally
        {
            if (demo is not null)
            {
                await demo.DisposeAsync();
            }
        }
    }

    private static string Remedy(Exception e) => (e.GetBaseException() as SocketException)?.SocketErrorCode switch
    {
        SocketError.AccessDenied =>
            " Ports below 1024 need the right to open them: CAP_NET_BIND_SERVICE, or sysctl net.ipv4.ip_unprivileged_port_start=0.",
        SocketError.AddressAlreadyInUse => " Another program listens there; --listen chooses other addresses.",
        _ => "",
    };

    private static async Task StartAsync(WebApplication app, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch
        {
            // What has started already ends in good order: cut off, background services would log their own failures.
            await app.StopAsync(CancellationToken.None);
            throw;
        }
    }
}
