using PushProxy.Server.Configuration;

namespace PushProxy.Server.Commands;

/// <summary>Settings on the command line: <c>--Section:Key=value</c> or <c>--Section:Key value</c>, as .NET programs take them.</summary>
internal static class SettingArguments
{
    /// <returns>False for anything that is neither an option nor a setting: a misspelt option must not pass in silence.</returns>
    public static bool TryRead(
        IReadOnlyList<string> tokens, IEnumerable<string> options, out Dictionary<string, string?> settings, out string error)
    {
        settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        error = "";
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var equals = token.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? token : token[..equals];
            if (!name.StartsWith("--", StringComparison.Ordinal) || !name.Contains(':', StringComparison.Ordinal))
            {
                error = $"'{token}' is neither an option nor a setting; settings are written --Section:Key=value"
                    + Spelling.Suggestion(name, options);
                return false;
            }

            if (equals < 0 && i + 1 == tokens.Count)
            {
                error = $"'{token}' has no value";
                return false;
            }

            settings[name[2..]] = equals < 0 ? tokens[++i] : token[(equals + 1)..];
        }

        return true;
    }
}
