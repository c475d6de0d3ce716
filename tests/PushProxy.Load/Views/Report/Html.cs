using System.Net;

namespace PushProxy.Load.Views.Report;

/// <summary>Pieces of HTML. What goes into <see cref="Text"/> may be anything.</summary>
internal static class Html
{
    /// <summary>Text, or the value of an attribute in quotes.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>
    /// A table with a heading for each column. Cells are HTML; the first of each row is its heading, the others are figures.
    /// </summary>
    public static string Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var head = string.Concat(headings.Select(static (h, i) => $"<th scope=\"col\"{(i > 0 ? " class=\"n\"" : "")}>{Text(h)}</th>"));
        var body = string.Concat(rows.Select(row => row.Count == 1
            ? $"<tr><th class=\"group\" scope=\"rowgroup\" colspan=\"{headings.Count}\">{row[0]}</th></tr>"
            : $"<tr><th scope=\"row\">{row[0]}</th>{string.Concat(row.Skip(1).Select(static c => $"<td class=\"n\">{c}</td>"))}</tr>"));
        return $"<div class=\"table card\"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>";
    }

    /// <summary>A table of two columns of text, without a heading.</summary>
    public static string Pairs(IEnumerable<(string Name, string Value)> rows) =>
        "<div class=\"table card\"><table><tbody>"
            + string.Concat(rows.Select(static r => $"<tr><th scope=\"row\">{Text(r.Name)}</th><td>{r.Value}</td></tr>"))
            + "</tbody></table></div>";

    /// <summary>A name with what it means under it.</summary>
    public static string Explained(string name, string meaning) => $"{Text(name)}<small>{Text(meaning)}</small>";
}
