using PushProxy.Analysis;
using PushProxy.Model;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Tests;

/// <summary>Each word that the debug header can say stands in its documentation, under the heading of its kind.</summary>
public class DecisionWordsTests
{
    private static readonly string Text = File.ReadAllText(Repository.File("docs/decision-header.md"));

    [Theory]
    [InlineData("First word", typeof(PageSource))]
    [InlineData("Pages", typeof(PageSkip))]
    [InlineData("Shell", typeof(ShellSkip))]
    [InlineData("Channels", typeof(DeliveryChannel))]
    [InlineData("Resources", typeof(ResourceSkip))]
    [InlineData("Pushes", typeof(PushSkip))]
    [InlineData("What the client has", typeof(CacheEvidence))]
    [InlineData("The analysis", typeof(AnalysisSkip))]
    [InlineData("Where it was found", typeof(FoundBy))]
    public void Every_word_has_a_row(string heading, Type words)
    {
        var from = Text.IndexOf($"## {heading}\n", StringComparison.Ordinal);
        Assert.True(from > 0, heading);
        var to = Text.IndexOf("\n## ", from, StringComparison.Ordinal);
        var rows = Text[from..(to < 0 ? Text.Length : to)].Split('\n').Where(static l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(static l => l.Split('`')[1]);
        var expected = Enum.GetNames(words).Select(static n => string.Concat(n.Select(static (c, i) => char.IsUpper(c) && i > 0 ? $"-{c}" : $"{c}")).ToLowerInvariant());
        Assert.Equal(expected.Where(w => w != "none" || words == typeof(PageSource)).Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }
}
