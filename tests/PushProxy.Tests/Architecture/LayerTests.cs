using System.Text.RegularExpressions;
using Xunit;

namespace PushProxy.Tests.Architecture;

/// <summary>
/// Each project and each folder of <c>src/</c> sees only those below it. A new folder of <c>src/PushProxy</c> gets its place in
/// <see cref="Layers"/>; the other projects' folders only must not form a cycle.
/// </summary>
public partial class LayerTests(ITestOutputHelper output)
{
    private static readonly SourceTree Tree = new(Sources.Files);

    public static TheoryData<string> Projects => [.. Layers.Projects.Keys];

    [Fact]
    public void Projects_see_only_those_below_them() => AssertNone(Layers.UpwardProjects(Tree));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Projects_refer_only_to_those_below_them(string project)
    {
        var file = File.ReadAllText(Path.Combine(Sources.Folder, project, $"{project}.csproj"));
        Assert.Empty(ProjectReference().Matches(file).Select(static m => m.Groups["name"].Value).Except(Layers.Projects[project]));

        // A using of the project file would be no line that this test reads.
        Assert.DoesNotContain("<Using", file, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_of_PushProxy_see_only_those_below_them() => AssertNone(Layers.UpwardFolders(Tree));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_form_no_cycle(string project)
    {
        var graph = Tree.Graph(project);
        foreach (var folder in graph)
        {
            output.WriteLine($"{folder.Key} → {string.Join(", ", folder)}");
        }

        AssertNone(Layers.Cycles(graph));
    }

    [Fact]
    public void Namespaces_are_the_folders() => AssertNone(Tree.StrayNamespaces);

    private static void AssertNone(IEnumerable<string> errors)
    {
        var lines = string.Join('\n', errors);
        Assert.True(lines.Length == 0, lines);
    }

    [GeneratedRegex("""<ProjectReference\s+Include="[^"]*?(?<name>[^/\\"]+)\.csproj""")]
    private static partial Regex ProjectReference();
}
