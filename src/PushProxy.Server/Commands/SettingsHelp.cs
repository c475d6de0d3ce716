using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace PushProxy.Server.Commands;

/// <summary>
/// The help of verbs that take settings. The parser knows them as arguments that it does not know, and would call them "additional
/// arguments", passed to another application.
/// </summary>
/// <param name="help">The parser's own help.</param>
internal sealed class SettingsHelp(HelpAction help) : SynchronousCommandLineAction
{
    private const string Unknown = "[[--] <additional arguments>...]]";
    private const string Heading = "Additional Arguments:";
    private const string Settings = """
        Settings:
          Whatever the configuration file can say, such as --PushProxy:Defaults:Delivery=link. It goes before the file.
        """;

    public override bool ClearsParseErrors => true;

    /// <summary>Puts it in the place of the parser's own, for a command and its verbs.</summary>
    public static void AddTo(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new SettingsHelp((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        using var text = new StringWriter();
        parseResult.InvocationConfiguration.Output = text;
        var code = help.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        var written = text.ToString().Replace(Unknown, "[--SECTION:KEY=VALUE...]", StringComparison.Ordinal);
        var at = written.IndexOf(Heading, StringComparison.Ordinal);
        if (at >= 0)
        {
            var end = written.IndexOf("\n\n", at, StringComparison.Ordinal);
            written = written[..at] + Settings + (end < 0 ? "\n" : written[end..]);
        }

        output.Write(written);
        return code;
    }
}
