namespace PushProxy.Server.Commands;

/// <summary>
/// Where all verbs print. What they print may come from a site, from what answers in a proxy's place, or from a file, so none of it
/// reaches the terminal unseen.
/// </summary>
internal static class Terminal
{
    /// <summary>Prints a result: one or more lines to standard output.</summary>
    public static Task PrintAsync(string lines) => Console.Out.WriteLineAsync(Printable.Lines(lines));

    /// <summary>Says what is wrong, on standard error.</summary>
    public static Task ComplainAsync(string lines) => Console.Error.WriteLineAsync(Printable.Lines(lines));
}
