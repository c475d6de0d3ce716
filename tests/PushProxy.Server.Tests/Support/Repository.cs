namespace PushProxy.Server.Tests.Support;

/// <summary>The files of this repository, where the tests are run from a clone of it.</summary>
internal static class Repository
{
    public static string Folder { get; } = Find();

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
