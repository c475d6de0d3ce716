using System.Text.RegularExpressions;
using PushProxy.Testing;

namespace PushProxy.Tests.Architecture;

/// <summary>The C# files of <c>src/</c>, without those that a build writes.</summary>
internal static partial class Sources
{
    public static string Folder { get; } = Repository.File("src");

    /// <summary>The path below <c>src/</c> and the text of each file.</summary>
    public static IReadOnlyList<(string Path, string Text)> Files { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Where(static file => !WrittenByBuild().IsMatch(file))
            .Select(static file => (Path.GetRelativePath(Folder, file).Replace('\\', '/'), File.ReadAllText(file))),
    ];

    [GeneratedRegex(@"[/\\](bin|obj)[/\\]")]
    private static partial Regex WrittenByBuild();
}
