namespace PushProxy.Server.Tests.Settings;

/// <summary>The files of config/, as they lie beside the program.</summary>
internal static class Files
{
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "config");

    public static readonly string Schema = Path.Combine(Folder, "pushproxy.schema.json");

    /// <summary>Every configuration file, relative to the folder.</summary>
    public static IEnumerable<string> Configurations =>
        Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories)
            .Where(static file => file != Schema)
            .Select(static file => Path.GetRelativePath(Folder, file));
}
