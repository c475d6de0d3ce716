using System.Text;

namespace PushProxy.Analysis.Tests.Hostile;

/// <summary>A page that wants too much, as the genes it grows from; the files of Corpus/hostile hold them line by line.</summary>
/// <param name="Kind">What it is to run out on.</param>
/// <param name="Genes">What it is made of.</param>
internal sealed record HostilePage(string Kind, IReadOnlyList<Gene> Genes)
{
    // As much as the proxy reads of a page and of a stylesheet, unless it is told otherwise.
    private const int MaxPage = 512 * 1024;
    private const int MaxSheet = 2 * 1024 * 1024;

    /// <summary>Where the files are.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Corpus", "hostile");

    /// <summary>The names of the files.</summary>
    public static IEnumerable<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.genes").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>How many bytes the page and its files have.</summary>
    public int Length => Text(Place.Html).Length + Text(Place.Style).Length + Text(Place.Sheet).Length + Text(Place.Module).Length;

    /// <summary>The page of a file.</summary>
    public static HostilePage Read(string name) =>
        Parse(name.Split('-')[0], File.ReadLines(Path.Combine(Folder, name + ".genes")));

    /// <summary>The page of some lines.</summary>
    public static HostilePage Parse(string kind, IEnumerable<string> lines) =>
        new(kind, [.. lines.Where(line => line.Length > 0 && line[0] != '#').Select(Gene.Parse)]);

    /// <summary>The page itself.</summary>
    public string Html()
    {
        var (style, sheet, module) = (Text(Place.Style), Text(Place.Sheet), Text(Place.Module));
        var html = new StringBuilder("<!DOCTYPE html>");
        html.Append(sheet.Length > 0 ? "<link rel=stylesheet href=/a.css>" : "").Append(module.Length > 0 ? "<link rel=modulepreload href=/m.js>" : "");
        html.Append(style.Length > 0 ? $"<style>{style}</style>" : "").Append(Text(Place.Html));
        return html.ToString();
    }

    /// <summary>The site it stands on.</summary>
    public Site Site() => new(("/a.css", Text(Place.Sheet)), ("/m.js", Text(Place.Module))) { Version = null };

    private string Text(Place place)
    {
        var text = new StringBuilder();
        foreach (var gene in Genes.Where(gene => gene.Place == place))
        {
            gene.WriteTo(text, place is Place.Html or Place.Style ? MaxPage : MaxSheet);
        }

        return text.ToString();
    }
}
