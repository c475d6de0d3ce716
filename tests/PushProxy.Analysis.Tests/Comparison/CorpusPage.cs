using System.Text;

namespace PushProxy.Analysis.Tests.Comparison;

/// <summary>
/// A page of the corpus: one file of which the first part is the page, and each part behind a line "=== path" is a file of
/// the site it is on.
/// </summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Files">The site by path, without a slash in front; the page itself is "index.html".</param>
internal sealed record CorpusPage(string Name, IReadOnlyDictionary<string, byte[]> Files)
{
    private const string Mark = "=== ";

    /// <summary>All pages, by name.</summary>
    public static IReadOnlyList<CorpusPage> All { get; } =
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpus"), "*.page").Order(StringComparer.Ordinal).Select(Read)];

    private static CorpusPage Read(string file)
    {
        var files = new Dictionary<string, byte[]>();
        var path = "index.html";
        var text = new StringBuilder();
        foreach (var line in File.ReadLines(file).Append(Mark))
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                files.Add(path, Encoding.UTF8.GetBytes(text.ToString()));
                (path, text) = (line[Mark.Length..].Trim(), text.Clear());
            }
            else
            {
                text.Append(line).Append('\n');
            }
        }

        return new(Path.GetFileNameWithoutExtension(file), files);
    }
}
