using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using PushProxy.Inspection;
using PushProxy.Server.Configuration;
using PushProxy.Server.Inspection;

namespace PushProxy.Server.Commands;

/// <summary><c>pushproxy inspect</c>: what PushProxy would deliver for pages, and why not the rest, without running a proxy.</summary>
internal static class InspectCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // URLs and reasons are ASCII, and '&' in a query should stay readable.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var pages = new Argument<string[]>("URL|FILE") { Description = "Pages: http(s) URLs or HTML files.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "One line of JSON a page." };
        var insecure = new Option<bool>("--insecure", "-k") { Description = "Accept any certificate." };
        var config = new Option<string?>("--config") { Description = "The configuration whose PushProxy:Defaults apply.", HelpName = "FILE" };
        var command = new Command("inspect", "Show what would be delivered for a page, and why not the rest.") { pages, json, insecure, config };
        command.SetAction(async (result, cancellation) =>
        {
            if (Options(result.GetValue(config)) is not { } options)
            {
                return CommonOptions.BadConfiguration;
            }

            using var source = new PageSource(new PageInspector(options), result.GetValue(insecure), Limit);
            var failed = false;
            foreach (var page in result.GetValue(pages)!)
            {
                try
                {
                    var inspected = await source.InspectAsync(page, cancellation);
                    await Console.Out.WriteLineAsync(result.GetValue(json) ? ToJson(inspected) : ToText(inspected));
                }
                catch (PageSourceException e)
                {
                    await Console.Error.WriteLineAsync($"{page}: {e.Message}");
                    failed = true;
                }
            }

            return failed ? 1 : 0;
        });
        return command;
    }

    private static PushProxyOptions? Options(string? file)
    {
        try
        {
            var section = ProxyConfiguration.Load(file, []).Root.GetSection(ConfigurationValidator.Section);
            var errors = new List<ConfigurationError>();
            var options = ConfigurationValidator.ReadOptions(section, errors);
            errors.ForEach(static e => Console.Error.WriteLine(e));
            return errors.Count == 0 ? options : null;
        }
        catch (ConfigurationException e)
        {
            Console.Error.WriteLine(e.Message);
            return null;
        }
    }

    private static string ToJson(InspectedPage page) => JsonSerializer.Serialize(
        new
        {
            Page = page.Page.AbsoluteUri,
            Resources = page.Resources.Select(static r => new { r.Url, r.As, r.Blocking, Crossorigin = r.CrossOrigin, r.Reason }),
            Skipped = page.Skipped.Select(static s => new { s.Url, s.Reason }),
        },
        Json);

    private static string ToText(InspectedPage page)
    {
        var lines = new List<string> { page.Page.AbsoluteUri };
        lines.AddRange(page.Resources.Select(static r => $"  + {r.As,-7} {r.Url}  ({r.Reason}{(r.Blocking ? ", render-blocking" : "")})"));
        lines.AddRange(page.Skipped.Select(static s => $"  - {"",-7} {s.Url}  ({s.Reason})"));
        if (page.Resources.Count == 0)
        {
            lines.Add("  nothing would be delivered");
        }

        return string.Join('\n', lines);
    }
}
