using PushProxy.Server.Demo;
using PushProxy.Server.Hosting;

namespace PushProxy.Server.Commands;

/// <summary>Tells the person who started the program where it listens and what to do next.</summary>
internal static class StartMessage
{
    public static async Task WriteAsync(TextWriter output, string? configuration, Listeners listeners, Uri? origin, DemoSite? demo)
    {
        if (configuration is not null)
        {
            await output.WriteLineAsync($"Configured by {configuration}");
        }

        foreach (var address in listeners.Public)
        {
            await output.WriteLineAsync($"Listening on {address}");
        }

        if (listeners.Management is { } management)
        {
            await output.WriteLineAsync($"Management on {management}");
        }

        if (demo is not null)
        {
            await WriteDemoAsync(output, listeners.Public.FirstOrDefault() ?? "", demo);
        }
        else if (origin is not null)
        {
            await output.WriteLineAsync($"In front of {origin}");
        }

        await output.FlushAsync();
    }

    private static async Task WriteDemoAsync(TextWriter output, string address, DemoSite demo)
    {
        await output.WriteLineAsync($"""

            No origin was named, so this is the demo: PushProxy in front of a legacy site at {demo.Address}
            Open a page below twice, some seconds apart. The browser warns about the self-signed certificate; proceed. On the second
            load, a 103 response tells the browser what the page needs before the site has answered. The browser
            fetches it meanwhile. Its developer tools show "early-hints" as initiator, and the page's Link header.
            From a shell, twice:  curl -sk -o /dev/null -D - {address}/

            """);
        foreach (var page in DemoSite.Pages)
        {
            await output.WriteLineAsync($"  {address}{page.Path,-18} {page.LookFor}");
        }

        await output.WriteLineAsync("\nYour own site:  dotnet run --project src/PushProxy.Server -- --origin http://127.0.0.1:8000");
    }
}
