namespace PushProxy.Testing;

/// <summary>The files of this repository. The tests run from a clone of it.</summary>
public static class Repository
{
    /// <summary>The clone's folder: the one that holds <c>PushProxy.sln</c>.</summary>
    public static string Folder { get; } = Find();

    /// <summary>The full path of a file or folder.</summary>
    /// <param name="path">Relative to <see cref="Folder"/>.</param>
    public static string File(string path) => Path.Combine(Folder, path);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "PushProxy.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("These tests need a clone of the repository around them.");
    }
}
