using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Docs;

/// <summary>The verbs and options of a program of ours, as its own <c>--help</c> lists them.</summary>
/// <param name="program">Its assembly.</param>
internal sealed partial class ProgramHelp(string program)
{
    private readonly ConcurrentDictionary<string, Task<HelpText>> _texts = new();

    /// <summary><c>pushproxy</c>.</summary>
    public static ProgramHelp Server { get; } = new(Pushproxy.Program);

    // Such as Release/net10.0.
    private static readonly string Build =
        Path.GetRelativePath(Repository.File("tests/PushProxy.Server.Tests/bin"), AppContext.BaseDirectory);

    /// <summary>The load tests' program. This project has it built, and does not take it into its own folder.</summary>
    public static ProgramHelp Load { get; } = new(Repository.File($"tests/PushProxy.Load/bin/{Build}/PushProxy.Load.dll"));

    public async Task<IReadOnlySet<string>> VerbsAsync() => (await HelpAsync("")).Verbs;

    /// <param name="verb">Empty: the options without a verb.</param>
    public async Task<IReadOnlySet<string>> OptionsAsync(string verb) => (await HelpAsync(verb)).Options;

    /// <summary>The options of all verbs.</summary>
    public async Task<IReadOnlySet<string>> AllOptionsAsync()
    {
        var all = new HashSet<string>();
        foreach (var verb in (await VerbsAsync()).Prepend(""))
        {
            all.UnionWith(await OptionsAsync(verb));
        }

        return all;
    }

    private Task<HelpText> HelpAsync(string verb) => _texts.GetOrAdd(verb, async v =>
    {
        string[] arguments = v.Length == 0 ? ["--help"] : [v, "--help"];
        var result = await Pushproxy.RunAsync(program, arguments, null, null);
        Assert.Equal(0, result.ExitCode);
        var options = OptionLine().Matches(result.Output).SelectMany(static m => OptionName().Matches(m.Value)).Select(static m => m.Value);
        var commands = result.Output.Split("\nCommands:\n") is [_, var listed] ? listed : "";
        return new HelpText([.. VerbLine().Matches(commands).Select(static m => m.Groups["verb"].Value)], [.. options]);
    });

    [GeneratedRegex(@"^  -[^ ].*?(  |$)", RegexOptions.Multiline)]
    private static partial Regex OptionLine();

    [GeneratedRegex(@"(?<![\w-])--?[\w?][\w-]*")]
    private static partial Regex OptionName();

    [GeneratedRegex(@"^  (?<verb>[a-z][\w-]*)", RegexOptions.Multiline)]
    private static partial Regex VerbLine();

    private sealed record HelpText(HashSet<string> Verbs, HashSet<string> Options);
}
