using System.Globalization;
using System.Text;

namespace PushProxy.Analysis.Tests.Hostile;

/// <summary>Where the text of a gene goes.</summary>
internal enum Place
{
    /// <summary>Into the body of the page.</summary>
    Html,

    /// <summary>Into a style element.</summary>
    Style,

    /// <summary>Into a stylesheet that the page links.</summary>
    Sheet,

    /// <summary>Into a module that the page preloads.</summary>
    Module,
}

/// <summary>A text, and how often it stands there. Each time {i} is its number, and {j} the next one.</summary>
/// <param name="Place">Where it goes.</param>
/// <param name="Times">How often.</param>
/// <param name="Text">The text.</param>
internal sealed record Gene(Place Place, int Times, string Text)
{
    /// <summary>Reads "style 300 --b{i}:var(--a10);".</summary>
    public static Gene Parse(string line)
    {
        var parts = line.Split(' ', 3);
        return new(Enum.Parse<Place>(parts[0], ignoreCase: true), int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
    }

    /// <summary>The same as a line.</summary>
    public override string ToString() => $"{Place.ToString().ToLowerInvariant()} {Times} {Text}";

    /// <summary>Writes the text as often as it stands there, up to a length of the whole.</summary>
    public void WriteTo(StringBuilder text, int maxLength)
    {
        for (var i = 0; i < Times && text.Length + Text.Length < maxLength; i++)
        {
            text.Append(Text.Replace("{i}", Number(i), StringComparison.Ordinal).Replace("{j}", Number(i + 1), StringComparison.Ordinal));
        }
    }

    private static string Number(int i) => i.ToString(CultureInfo.InvariantCulture);
}
