using PushProxy.Testing;

namespace PushProxy.Server.Tests.Docs;

/// <summary>Every command, option, setting, path and link that a page names exists.</summary>
public class DocsTests
{
    public static TheoryData<string> Pages { get; } = [.. Files(".md").Order()];

    /// <summary>Other files that name settings.</summary>
    public static TheoryData<string> ConfigurationFiles { get; } =
    [
        .. Files("").Where(static f => f.Split('/') is ["config", ..] or ["deploy", not "sample-site", ..]).Append("docker-compose.yml").Order(),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task What_a_page_names_exists(string path) => AssertNone(await PageErrors.OfAsync(Read(path)!, Read));

    [Theory]
    [MemberData(nameof(ConfigurationFiles))]
    public void What_a_configuration_file_sets_is_a_setting(string path) =>
        AssertNone(SettingNames.Unknown(File.ReadAllText(Repository.File(path))).Select(n => $"{path}: {n} is no setting"));

    private static void AssertNone(IEnumerable<string> errors)
    {
        var lines = string.Join('\n', errors);
        Assert.True(lines.Length == 0, lines);
    }

    private static MarkdownPage? Read(string path) =>
        File.Exists(Repository.File(path)) ? new MarkdownPage(path, File.ReadAllText(Repository.File(path))) : null;

    private static IEnumerable<string> Files(string ending) =>
        new[] { "docs", "config", "deploy", "samples", "src", "tests", "" }
            .Select(Repository.File).Where(Directory.Exists)
            .SelectMany(static folder => Directory.EnumerateFiles(
                folder, "*", folder == Repository.File("") ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories))
            .Select(static f => Path.GetRelativePath(Repository.Folder, f).Replace('\\', '/'))
            .Where(f => f.EndsWith(ending, StringComparison.Ordinal))
            .Where(static f => !f.Contains("/bin/", StringComparison.Ordinal) && !f.Contains("/obj/", StringComparison.Ordinal));
}
