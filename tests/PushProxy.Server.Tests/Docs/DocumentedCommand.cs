using System.Text.RegularExpressions;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Docs;

/// <summary>A command line that a page tells its reader to type, and what is wrong with it.</summary>
internal static partial class DocumentedCommand
{
    /// <summary>The options of programs that are not ours, as far as pages use them.</summary>
    public static readonly HashSet<string> ForeignOptions =
    [
        // dotnet, and the test runner
        "--project", "--solution", "-c", "--configuration", "-o", "--output", "--no-build", "--no-restore", "--verify-no-changes",
        "-r", "--self-contained", "-p:PublishTrimmed",
        "--filter-class", "--filter-method", "--filter-namespace", "--fail-skips", "-class", "-showliveoutput",
        // BenchmarkDotNet
        "--filter", "--job",
        // docker, docker compose, and what starts peers
        "--build", "-f", "-t", "-d", "--profile",
    ];

    private static readonly string[] Configurations = ["Release", "Debug"];

    /// <summary>Whether it is one: whether its first word is a program that this repository's pages speak of.</summary>
    public static bool IsCommand(string line) => Words(line) is [var first, ..]
        && (first is "dotnet" or "docker" or "docker-compose" or "pushproxy" || IsScript(first));

    /// <summary>Everything in it that does not exist: projects, scripts, files, verbs, options, tests and benchmarks.</summary>
    public static async Task<IReadOnlyList<string>> ErrorsAsync(string line)
    {
        var words = Words(line);
        return words switch
        {
            ["dotnet", "run", .. var rest] => await RunErrorsAsync(rest),
            ["dotnet", "publish" or "build" or "test" or "format" or "pack", .. var rest] => [.. ToolErrors(rest)],
            ["dotnet", var program, .. var rest] when Path.GetFileName(program) == "pushproxy.dll" =>
                await ProgramErrorsAsync(ProgramHelp.Server, rest),
            ["dotnet", "dev-certs", "https"] => [],
            ["dotnet", var verb, ..] => [$"dotnet {verb} is not known to this test"],
            ["dotnet"] => [],
            ["pushproxy", .. var rest] => await ProgramErrorsAsync(ProgramHelp.Server, rest),
            ["docker" or "docker-compose", .. var rest] => [.. ToolErrors(rest)],
            [var script, .. var rest] => [.. Missing(script), .. ToolErrors(rest)],
            _ => [],
        };
    }

    private static async Task<IReadOnlyList<string>> RunErrorsAsync(string[] words)
    {
        var end = Array.IndexOf(words, "--");
        var (own, arguments) = end < 0 ? (words, []) : (words[..end], words[(end + 1)..]);
        List<string> errors = [.. ToolErrors(own)];
        if (own.SkipWhile(static w => w != "--project").Skip(1).FirstOrDefault() is not { } project || errors.Count > 0)
        {
            return errors;
        }

        return Path.GetFileName(project) switch
        {
            "PushProxy.Server" => await ProgramErrorsAsync(ProgramHelp.Server, arguments),
            "PushProxy.Load" => await ProgramErrorsAsync(ProgramHelp.Load, arguments),
            // The others take patterns of names: BenchmarkDotNet, the test runner, and verbs of their own.
            _ =>
            [
                .. ToolErrors(arguments),
                .. arguments.Where(a => IsName(a) && !IsNamedIn(project, a)).Select(a => $"{project} has no {a}"),
            ],
        };
    }

    private static async Task<IReadOnlyList<string>> ProgramErrorsAsync(ProgramHelp help, string[] words)
    {
        var verbs = await help.VerbsAsync();
        var verb = words is [var first, ..] && first[0] != '-' && first != "VERB" ? first : "";
        if (verb.Length > 0 && !verbs.Contains(verb))
        {
            return [$"there is no verb {verb}, but {string.Join(", ", verbs)}"];
        }

        var options = await help.OptionsAsync(verb);
        return
        [
            .. words.Select(OptionOf).OfType<string>().Where(o => !options.Contains(o) && !o.Contains(':', StringComparison.Ordinal))
                .Select(o => $"{(verb.Length > 0 ? verb : "the program")} has no option {o}"),
        ];
    }

    /// <summary>The options of others' programs, and our projects and files in their arguments.</summary>
    private static IEnumerable<string> ToolErrors(string[] words) =>
        words.Select(OptionOf).OfType<string>().Where(static o => o != "--" && !ForeignOptions.Contains(o))
            .Select(static o => $"{o} is not known to this test; if it exists, {nameof(ForeignOptions)} lacks it")
            .Concat(words.Where(IsOurs).SelectMany(Missing))
            .Concat(words.SkipWhile(static w => w != "--project").Skip(1).Take(1).SelectMany(ProjectErrors))
            .Concat(words.SkipWhile(static w => w is not ("-c" or "--configuration")).Skip(1).Take(1)
                .Where(static c => !Configurations.Contains(c)).Select(static c => $"there is no configuration {c}"));

    private static IEnumerable<string> ProjectErrors(string project) =>
        Directory.Exists(Repository.File(project)) && Directory.EnumerateFiles(Repository.File(project), "*.csproj").Any()
            ? []
            : [$"there is no project {project}"];

    /// <summary>Why a path of the repository does not exist; nothing if it does.</summary>
    public static IEnumerable<string> Missing(string path) =>
        Path.Exists(Repository.File(path.TrimEnd('/'))) ? [] : [$"there is no {path}"];

    /// <summary>Whether it is a path of this repository; one with a placeholder or pattern is not.</summary>
    public static bool IsOurs(string word) => OurPath().IsMatch(word);

    private static bool IsScript(string word) =>
        IsOurs(word) && (word.StartsWith(".ci/", StringComparison.Ordinal) || word.EndsWith(".sh", StringComparison.Ordinal));

    private static string? OptionOf(string word) => word.StartsWith('-') ? word.Split('=')[0] : null;

    private static bool IsName(string word) => word[0] is '*' or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') && word != "*";

    // A verb of its own is in its Program.cs; a pattern or a full name ends in a class that has a file.
    private static bool IsNamedIn(string project, string name)
    {
        var part = name.Trim('*').Split('.')[^1];
        var files = Directory.EnumerateFiles(Repository.File(project), "*.cs", SearchOption.AllDirectories);
        return part.Length == 0
            || files.Any(f => Path.GetFileName(f).Contains(part, StringComparison.Ordinal))
            || File.ReadAllText(Repository.File($"{project}/Program.cs")).Contains($"[\"{part}\"", StringComparison.Ordinal);
    }

    /// <summary>As a shell splits them: quotes hold together, a comment ends the line.</summary>
    private static string[] Words(string line) =>
        [.. Word().Matches(line).TakeWhile(static m => m.Value[0] != '#').Select(static m => m.Value.Trim('\'', '"'))];

    [GeneratedRegex("""'[^']*'|"[^"]*"|[^\s'"]+""")]
    private static partial Regex Word();

    [GeneratedRegex(@"^(src|tests|docs|config|deploy|samples|\.ci)/[\w./-]*$")]
    private static partial Regex OurPath();
}
