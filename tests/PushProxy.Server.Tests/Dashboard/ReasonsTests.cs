using System.Text.RegularExpressions;
using PushProxy.Server.Dashboard;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Dashboard;

/// <summary>The dashboard explains words as the documentation does.</summary>
public partial class ReasonsTests
{
    [Fact]
    public void Each_word_has_the_sentence_of_the_documentation()
    {
        var text = File.ReadAllText(Repository.File("docs/decision-header.md"));
        var expected = Reasons.Headings.SelectMany(heading =>
        {
            var from = text.IndexOf($"## {heading}\n", StringComparison.Ordinal);
            var to = text.IndexOf("\n## ", from, StringComparison.Ordinal);
            return Row().Matches(text[from..(to < 0 ? text.Length : to)])
                .Select(m => $"{heading}\t{m.Groups[1].Value}\t{Link().Replace(m.Groups[2].Value, "$1").Replace("`", "", StringComparison.Ordinal)}");
        });

        // One line a word: what differs is what this fails with.
        Assert.Equal(expected, Resources.Text("reasons.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_word_of_a_resource_is_not_that_of_a_page()
    {
        Assert.Contains("a part of the page", Reasons.OfPage("range-request"), StringComparison.Ordinal);
        Assert.Contains("Its scheme", Reasons.OfResource("not-http"), StringComparison.Ordinal);
        Assert.Equal("", Reasons.OfResource("never-heard"));
    }

    [GeneratedRegex(@"^\| `([^`]+)` \| (.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();
}
