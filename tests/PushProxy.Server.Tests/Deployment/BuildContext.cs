using System.Text.RegularExpressions;

namespace PushProxy.Server.Tests.Deployment;

/// <summary>What <c>docker build</c> would send to the engine: the files of a folder without those .dockerignore names.</summary>
internal sealed class BuildContext
{
    private readonly string _folder;

    public BuildContext(string folder)
    {
        _folder = folder;
        var patterns = File.ReadLines(Path.Combine(folder, ".dockerignore"))
            .Select(static line => line.Trim())
            .Where(static line => line.Length > 0 && line[0] != '#')
            .Select(static line => (Keep: line[0] == '!', Pattern: ToRegex(line.TrimStart('!'))))
            .ToList();
        Files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file))
            .Where(file => patterns.LastOrDefault(p => p.Pattern.IsMatch(file)) is not { Pattern: not null, Keep: false })];
    }

    /// <summary>Relative to the folder.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Copies a file, or what is in a folder, as COPY does.</summary>
    public void Copy(string source, string destination)
    {
        source = source.TrimEnd('/');
        var copied = false;
        foreach (var file in Files.Where(f => f == source || f.StartsWith(source + "/", StringComparison.Ordinal)))
        {
            var target = file == source
                ? destination.EndsWith('/') ? Path.Combine(destination, Path.GetFileName(file)) : destination
                : Path.Combine(destination, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(_folder, file), target, overwrite: true);
            copied = true;
        }

        Assert.True(copied, $"COPY {source}: there is no such file in the build context");
    }

    // A pattern is for a path and all below it; * stops at a slash, ** does not.
    private static Regex ToRegex(string pattern) => new(
        "^" + Regex.Escape(pattern.Trim('/'))
            .Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal) + "(/.*)?$");
}
