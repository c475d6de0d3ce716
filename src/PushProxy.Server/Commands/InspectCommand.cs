using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using PushProxy.Analysis;
using PushProxy.Inspection;
using PushProxy.Server.Configuration;
using PushProxy.Server.Inspection;

namespace PushProxy.Server.Commands;

/// <summary><c>pushproxy inspect</c>: shows what a proxy would deliver for pages, and why not the rest, without running one.</summary>
internal static class InspectCommand
{
    // Pages wait for their sites most of the time.
    private const int AtATime = 8;
    private const int TouchWidth = 768;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // URLs and reasons are ASCII, and '&' in a query should stay readable.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create()
    {
        var pages = new Argument<string[]>("URL|FILE")
        {
            Description = "Pages: http(s) URLs or HTML files.",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = new Option<bool>("--json") { Description = "One line of JSON a page." };
        var insecure = new Option<bool>("--insecure", "-k") { Description = "Accept any certificate." };
        var config = CommonOptions.ConfigFile("The configuration file whose PushProxy:Defaults apply.");
        var viewport = new Option<string>("--viewport")
        {
            Description = "The screen the pages are displayed on.",
            HelpName = "WIDTHxHEIGHT[@RATIO]",
            DefaultValueFactory = static _ => "1280x720",
        };
        var header = new Option<string[]>("--header", "-H")
        {
            Description = "A header field of the requests to the pages' hosts, such as 'Cookie: session=1'. Can be repeated.",
            HelpName = "FIELD",
        };
        var host = new Option<string?>("--host")
        {
            Description = "Ask for the pages under this host, and connect to the one in their URLs.",
            HelpName = "NAME[:PORT]",
        };
        var shell = new Option<bool>("--shell")
        {
            Description = "Also show what all the pages begin with: the shell that would be cut. Name a page twice, or several.",
        };
        var command = new Command("inspect", "Show what would be delivered for a page, and why not the rest.")
        {
            pages, json, insecure, config, viewport, header, host, shell,
        };
        command.SetAction(async (result, cancellation) =>
        {
            if (await OptionsAsync(result.GetValue(config)) is not { } options)
            {
                return CommonOptions.BadConfiguration;
            }

            var size = result.GetValue(viewport)!;
            if (Screen(size) is not { } screen)
            {
                await Terminal.ComplainAsync(
                    $"--viewport {size}: must be WIDTHxHEIGHT or WIDTHxHEIGHT@RATIO, such as 1280x720 or 412x823@2.625");
                return CommonOptions.BadConfiguration;
            }

            if (Fields(result.GetValue(header) ?? [], out var wrong) is not { } fields)
            {
                await Terminal.ComplainAsync($"--header {wrong}");
                return CommonOptions.BadConfiguration;
            }

            var name = result.GetValue(host);
            if (name is not null && !IsHost(name))
            {
                await Terminal.ComplainAsync($"--host '{name}': must be a host with or without a port, such as www.example.org");
                return CommonOptions.BadConfiguration;
            }

            if (result.GetValue(shell) && result.GetValue(pages)!.Length < 2)
            {
                await Terminal.ComplainAsync("--shell: compares pages, so name at least two, or one twice");
                return CommonOptions.BadConfiguration;
            }

            var access = new SiteAccess(result.GetValue(insecure), fields, name);
            using var reader = new PageReader(new PageInspector(options), access, Limit, screen);
            var all = new List<InspectedPage>();
            var failed = false;
            foreach (var (page, inspection) in InspectAll(reader, result.GetValue(pages)!, cancellation))
            {
                try
                {
                    var inspected = await inspection;
                    all.Add(inspected);
                    foreach (var unread in result.GetValue(json) ? [] : inspected.Unread)
                    {
                        await Terminal.ComplainAsync($"{page}: {Printable.Line(unread)} could not be fetched, so what it names is unknown");
                    }

                    await Terminal.PrintAsync(result.GetValue(json) ? ToJson(inspected) : ToText(inspected));
                }
                catch (PageUnavailableException e)
                {
                    await Terminal.ComplainAsync($"{page}: {e.Message}");
                    failed = true;
                }
            }

            if (result.GetValue(shell) && !failed)
            {
                var inspected = ShellInspection.Of(all, options);
                await Terminal.PrintAsync(
                    result.GetValue(json) ? JsonSerializer.Serialize(new { Shell = inspected }, Json) : ToText(inspected));
            }

            return failed ? 1 : 0;
        });
        return command;
    }

    private static bool IsHost(string name) => Uri.TryCreate($"http://{name}/", UriKind.Absolute, out var site)
        && site.AbsoluteUri == site.GetLeftPart(UriPartial.Authority) + "/" && site.UserInfo.Length == 0;

    private static List<KeyValuePair<string, string>>? Fields(string[] texts, out string? wrong)
    {
        var fields = new List<KeyValuePair<string, string>>();
        wrong = null;
        using var check = new HttpRequestMessage { Content = new ByteArrayContent([]) };
        foreach (var text in texts)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = colon < 0 ? (text, "") : (text[..colon].Trim(), text[(colon + 1)..].Trim());
            var isText = colon >= 0 && !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
            if (!isText || !check.Headers.TryAddWithoutValidation(name, value))
            {
                wrong = isText && check.Content.Headers.TryAddWithoutValidation(name, value)
                    ? $"'{text}': describes a body, and these requests have none"
                    : $"'{text}': must be NAME: VALUE, such as 'Cookie: session=1'";
                return null;
            }

            fields.Add(new(name, value));
        }

        return fields;
    }

    // A few at a time, and reported in the order of the arguments.
    private static List<(string Page, Task<InspectedPage> Inspection)> InspectAll(
        PageReader reader, string[] pages, CancellationToken cancellation)
    {
        var places = new SemaphoreSlim(AtATime);
        return [.. pages.Select(page => (page, InspectAsync(page)))];

        async Task<InspectedPage> InspectAsync(string page)
        {
            await places.WaitAsync(cancellation);
            try
            {
                return await reader.InspectAsync(page, cancellation);
            }
            finally
            {
                places.Release();
            }
        }
    }

    // "1280x720", "412x823@2.625"; narrow screens are touch screens.
    private static ClientProfile? Screen(string text)
    {
        var parts = text.Split('x', '@');
        if (parts.Length is not (2 or 3)
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var height))
        {
            return null;
        }

        var ratio = 1.0;
        if (parts.Length == 3 && !double.TryParse(parts[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out ratio))
        {
            return null;
        }

        var screen = new ClientProfile { Width = width, Height = height, PixelRatio = ratio, IsTouch = width < TouchWidth };
        return Validator.TryValidateObject(screen, new ValidationContext(screen), null, validateAllProperties: true) ? screen : null;
    }

    private static async Task<PushProxyOptions?> OptionsAsync(string? file)
    {
        try
        {
            var section = ProxyConfiguration.Load(file, []).Root.GetSection(ConfigurationValidator.Section);
            var errors = new List<ConfigurationError>();
            var options = ConfigurationValidator.ReadOptions(section, errors);
            foreach (var error in errors)
            {
                await Terminal.ComplainAsync(error.ToString());
            }

            return errors.Count == 0 ? options : null;
        }
        catch (ConfigurationException e)
        {
            await Terminal.ComplainAsync(e.Message);
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

    private static string ToText(InspectedShell shell) => shell.Bytes == 0
        ? Printable.Line($"no shell  ({shell.Reason})")
        : string.Create(CultureInfo.InvariantCulture, $"shell of {shell.Bytes:N0} bytes  ({shell.Reason})\n  … ")
            + Printable.Line(shell.End);

    private static string ToText(InspectedPage page)
    {
        var lines = new List<string> { page.Page.AbsoluteUri };
        lines.AddRange(page.Resources.Select(static r => $"  + {r.As,-7} {r.Url}  ({r.Reason}{(r.Blocking ? ", render-blocking" : "")})"));
        lines.AddRange(page.Skipped.Select(static s => $"  - {"",-7} {s.Url}  ({s.Reason})"));
        if (page.Resources.Count == 0)
        {
            lines.Add("  nothing would be delivered");
        }

        // The page's own texts have no line ends that count.
        return string.Join('\n', lines.Select(Printable.Line));
    }
}
