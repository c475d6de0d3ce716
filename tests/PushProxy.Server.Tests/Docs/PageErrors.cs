using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PushProxy.Server.Tests.Settings;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Docs;

/// <summary>Everything a page names that does not exist.</summary>
internal static partial class PageErrors
{
    private static readonly JsonDocumentOptions WithComments =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <param name="page">The page.</param>
    /// <param name="read">Reads another page, for its headings; null when it does not exist.</param>
    public static async Task<IReadOnlyList<string>> OfAsync(MarkdownPage page, Func<string, MarkdownPage?> read)
    {
        var errors = new List<string>();
        foreach (var line in page.Blocks.SelectMany(static b => Joined(b.Lines)).Concat(page.Code).Where(DocumentedCommand.IsCommand))
        {
            errors.AddRange((await DocumentedCommand.ErrorsAsync(line)).Select(e => $"`{line}`: {e}"));
        }

        foreach (var block in page.Blocks.Where(static b => b.Language == "json"))
        {
            errors.AddRange((await JsonErrorsAsync(string.Join('\n', block.Lines))).Select(e => $"JSON after line {block.Line}: {e}"));
        }

        HashSet<string> options =
        [
            .. await ProgramHelp.Server.AllOptionsAsync(), .. await ProgramHelp.Load.AllOptionsAsync(), .. DocumentedCommand.ForeignOptions,
        ];
        errors.AddRange(page.Code.SelectMany(static c => Option().Matches(c)).Select(static m => m.Value).Where(o => !options.Contains(o))
            .Select(static o => $"no program has the option {o}"));
        errors.AddRange(SettingNames.Unknown(page.Text).Select(static n => $"{n} is no setting"));
        errors.AddRange(page.Code.Where(DocumentedCommand.IsOurs).SelectMany(DocumentedCommand.Missing));
        errors.AddRange(page.Links.SelectMany(l => LinkErrors(page, l, read)));
        return [.. errors.Distinct().Select(e => $"{page.Path}: {e}")];
    }

    // A backslash at the end of a line goes on in the next.
    private static IEnumerable<string> Joined(List<string> lines) =>
        string.Join('\n', lines).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(static l => l.Trim());

    private static async Task<IReadOnlyList<string>> JsonErrorsAsync(string json)
    {
        try
        {
            // What configures PushProxy is validated as it does itself; other JSON must be JSON.
            var file = JsonNode.Parse(json, null, WithComments) as JsonObject;
            return file?.ContainsKey("PushProxy") == true || file?.ContainsKey("ReverseProxy") == true
                ? await Validation.ErrorsOfAsync(json)
                : [];
        }
        catch (JsonException e)
        {
            return [e.Message];
        }
    }

    private static IEnumerable<string> LinkErrors(MarkdownPage page, string link, Func<string, MarkdownPage?> read)
    {
        if (Scheme().IsMatch(link))
        {
            return [];
        }

        var (target, anchor) = link.Split('#') is [var t, var a] ? (t, a) : (link, null);
        var path = target.Length == 0
            ? page.Path
            : Path.GetRelativePath(".", Path.Combine(Path.GetDirectoryName(page.Path)!, target)).Replace('\\', '/');
        if (anchor is null || !path.EndsWith(".md", StringComparison.Ordinal))
        {
            return Path.Exists(Repository.File(path)) ? [] : [$"the link {link} leads nowhere"];
        }

        return (path == page.Path ? page : read(path))?.Headings.Contains(anchor) == true ? [] : [$"the link {link} leads nowhere"];
    }

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z0-9-]+")]
    private static partial Regex Option();

    [GeneratedRegex("^[a-z]+:")]
    private static partial Regex Scheme();
}
