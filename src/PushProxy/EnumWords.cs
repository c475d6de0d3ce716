using System.Collections.Frozen;

namespace PushProxy;

/// <summary>
/// Writes enum values as people read them: <c>MediaNeverMatches</c> is <c>media-never-matches</c> in the debug header, the metrics, the
/// output of <c>inspect</c> and the configuration.
/// </summary>
internal static class EnumWords
{
    /// <summary>Returns the value in kebab case.</summary>
    public static string Name<T>(this T value)
        where T : struct, Enum => KebabNames<T>.Names[value];

    /// <summary>
    /// Reads a value. Case and hyphens make no difference. A number is not accepted. Returns null if the text is not a value.
    /// </summary>
    public static T? Parse<T>(string text)
        where T : struct, Enum
    {
        var name = text.Trim().Replace("-", "", StringComparison.Ordinal);
        foreach (var value in Enum.GetValues<T>())
        {
            if (name.Equals(value.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    private static string Kebab(string name) =>
        string.Concat(name.Select(static (c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));

    private static class KebabNames<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T,
        string> Names = Enum.GetValues<T>().ToFrozenDictionary(static v => v, static v => Kebab(v.ToString()));
    }
}
