using System.Text.RegularExpressions;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Tests.Architecture;

/// <summary>Neither the compiler nor <c>dotnet format</c> enforces <c>max_line_length</c>.</summary>
public partial class LineLengthTests
{
    [Fact]
    public void No_line_of_the_source_is_longer_than_editorconfig_allows()
    {
        var max = int.Parse(MaxLineLength().Match(File.ReadAllText(Repository.File(".editorconfig"))).Groups["max"].Value, null);
        var longer = Sources.Files.SelectMany(static f => f.Text.Split('\n').Select((line, i) => (f.Path, Number: i + 1, line.Length)))
            .Where(l => l.Length > max)
            .Select(static l => $"src/{l.Path} line {l.Number}: {l.Length} characters");

        var lines = string.Join('\n', longer);
        Assert.True(lines.Length == 0, lines);
    }

    [GeneratedRegex(@"^\[\*\.cs\]$[^\[]*^max_line_length = (?<max>\d+)$", RegexOptions.Multiline)]
    private static partial Regex MaxLineLength();
}
