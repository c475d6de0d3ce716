using System.CommandLine;
using System.CommandLine.Invocation;

namespace PushProxy.Server.Commands;

/// <summary>What is wrong with a command line, as one line an error.</summary>
internal static class UsageErrors
{
    public static IReadOnlyList<string> Of(ParseResult result)
    {
        // Asking for help is never wrong.
        if (result.Action is ParseErrorAction)
        {
            return [.. result.Errors.Select(static e => e.Message)];
        }

        // The root command takes settings (--Section:Key=value), and its leniency extends to every verb below it.
        return result.CommandResult.Command.TreatUnmatchedTokensAsErrors
            ? [.. result.UnmatchedTokens.Select(static token => $"'{token}' is not an option of this command")]
            : [];
    }
}
