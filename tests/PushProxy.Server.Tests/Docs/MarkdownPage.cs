using System.Text.RegularExpressions;

namespace PushProxy.Server.Tests.Docs;

/// <summary>What of a Markdown page can be checked: its blocks of code, what is code within its text, its links and its headings.</summary>
internal sealed partial class MarkdownPage
{
    /// <param name="path">Relative to the repository.</param>
    /// <param name="text">The page.</param>
    public MarkdownPage(string path, string text)
    {
        (Path, Text) = (path, text);
        var prose = new List<string>();
        CodeBlock? fence = null;
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (Fence().Match(line) is { Success: true } mark)
            {
                fence = fence is null ? new CodeBlock(i + 1, mark.Groups["language"].Value, []) : null;
                Blocks.AddRange(fence is null ? [] : [fence]);
            }
            else if (fence is not null)
            {
                fence.Lines.Add(line);
            }
            else if (line.StartsWith("    ", StringComparison.Ordinal) && !(i > 0 && IsListItem(lines, i)))
            {
                if (i == 0 || Blocks.Count == 0 || Blocks[^1].Line + Blocks[^1].Lines.Count != i)
                {
                    Blocks.Add(new CodeBlock(i, "", []));
                }

                Blocks[^1].Lines.Add(line.Trim());
            }
            else
            {
                prose.Add(line);
                Headings.AddRange(Heading().Match(line) is { Success: true } heading ? [Anchor(heading.Groups["text"].Value)] : []);
            }
        }

        // Code within the text may go on in the next line.
        var all = string.Join('\n', prose);
        Code = [.. InlineCode().Matches(all).Select(static m => m.Groups["code"].Value.Replace('\n', ' '))];
        Links = [.. Link().Matches(InlineCode().Replace(all, "")).Select(static m => m.Groups["target"].Value)];
    }

    public string Path { get; }

    public string Text { get; }

    /// <summary>Fenced and indented blocks.</summary>
    public List<CodeBlock> Blocks { get; } = [];

    /// <summary>Code between backticks.</summary>
    public IReadOnlyList<string> Code { get; }

    /// <summary>Where its links and pictures point.</summary>
    public IReadOnlyList<string> Links { get; }

    /// <summary>Its headings as the anchors that GitHub makes of them.</summary>
    public List<string> Headings { get; } = [];

    private static string Anchor(string heading) =>
        NotInAnchor().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    // What is indented under a list item belongs to it.
    private static bool IsListItem(string[] lines, int at)
    {
        while (at > 0 && (lines[at].Length == 0 || lines[at][0] == ' '))
        {
            at--;
        }

        return ListItem().IsMatch(lines[at]);
    }

    [GeneratedRegex(@"^\s*```(?<language>\w*)")]
    private static partial Regex Fence();

    [GeneratedRegex(@"^#+ (?<text>.*)")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^([-*]|\d+\.) ")]
    private static partial Regex ListItem();

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\(\s*(?<target>[^)\s]+)\s*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}

/// <summary>A block of code.</summary>
/// <param name="Line">The line before its first, from 1.</param>
/// <param name="Language">As stated; empty when it is not.</param>
/// <param name="Lines">The code.</param>
internal sealed record CodeBlock(int Line, string Language, List<string> Lines);
