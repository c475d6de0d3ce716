using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace PushProxy.Server.Commands;

/// <summary>What is wrong with a command line, one line for each error.</summary>
internal static class UsageErrors
{
    public static IReadOnlyList<string> Of(ParseResult result)
    {
        // Asking for help is never wrong.
        if (result.Action is ParseErrorAction)
        {
            return [.. result.Errors.Select(static e => e.Message)];
        }

        // The parser takes an unknown option for an argument where the verb has any.
        var arguments = result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(static a => a.Tokens).Select(static t => t.Value);
        var unknown = arguments.FirstOrDefault(static a => a.StartsWith("--", StringComparison.Ordinal));

        // The root command takes settings (--Section:Key=value), and its leniency extends to every verb below it.
        if (result.CommandResult.Command.TreatUnmatchedTokensAsErrors)
        {
            unknown ??= result.UnmatchedTokens.Count > 0 ? result.UnmatchedTokens[0] : null;
        }

        return unknown is null ? [] : [$"'{unknown}' is not an option of this command"];
    }
}
