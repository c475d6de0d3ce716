namespace PushProxy.Server.Dashboard;

/// <summary>The files of the page, which are inside the program.</summary>
internal static class Resources
{
    /// <summary>Returns the text of a file.</summary>
    public static string Text(string name)
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream("dashboard/" + name)
            ?? throw new InvalidOperationException($"The program has no file {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
