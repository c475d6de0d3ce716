namespace PushProxy.Load;

/// <summary>Tables on a terminal: each column as wide as its widest cell.</summary>
internal static class TextTable
{
    public static void Print(string[] heads, IEnumerable<string[]> body, TextWriter output)
    {
        string[][] rows = [heads, .. body];
        var widths = heads.Select((_, i) => rows.Max(r => r[i].Length)).ToArray();
        foreach (var row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }
    }
}
