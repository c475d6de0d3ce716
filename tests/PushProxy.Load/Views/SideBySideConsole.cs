using System.Globalization;

namespace PushProxy.Load.Views;

/// <summary>
/// The figures of a run on the console, a column with delivery and one with delivery off: of all pages in full, of each page the one that
/// tells most.
/// </summary>
internal static class SideBySideConsole
{
    /// <summary>Prints them.</summary>
    public static void Write(ViewsReport report)
    {
        foreach (var line in Lines(report))
        {
            Console.WriteLine(line);
        }
    }

    /// <summary>What is printed.</summary>
    public static IEnumerable<string> Lines(ViewsReport report)
    {
        var both = report.Off is not null;
        if (both)
        {
            yield return Row("", "delivery", "off", "difference", "");
        }

        foreach (var group in report.SideBySide.Whole)
        {
            yield return $"{group.Name}, {Views(group)}";
            foreach (var figure in group.Figures)
            {
                if (figure is not { Delivery: null, Off: null })
                {
                    yield return Row(figure.Name, figure, both);
                }
            }
        }

        yield return "";
        yield return $"{SideBySide.Display}, by page";
        foreach (var page in report.SideBySide.Pages)
        {
            yield return page.Page;
            foreach (var group in page.Groups)
            {
                if (group.Figures.FirstOrDefault(static f => f.Name == SideBySide.Display) is { } figure)
                {
                    yield return Row($"{group.Name}, {Views(group)}", figure, both);
                }
            }
        }

        yield return Words.Dashes;
    }

    private static string Views(FigureGroup group) => group.OffViews is { } off
        ? $"{Words.Count(group.Views)} and {Words.Count(off)} views"
        : $"{Words.Count(group.Views)} views";

    private static string Row(string name, ComparedFigure figure, bool both) => both
        ? Row(name, figure.Text(figure.Delivery), figure.Text(figure.Off), figure.DifferenceText(), figure.ChangeText())
        : Row(name, figure.Text(figure.Delivery), "", "", "");

    private static string Row(string name, string delivery, string off, string difference, string change) => string.Create(
        CultureInfo.InvariantCulture, $"  {name,-56} {delivery,10} {off,10} {difference,11} {change,7}").TrimEnd();
}
