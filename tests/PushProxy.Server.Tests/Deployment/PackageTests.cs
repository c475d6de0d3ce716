using System.IO.Compression;
using System.Xml.Linq;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Deployment;

/// <summary>The libraries as packages, made from what this test run was built from.</summary>
public class PackageTests
{
    // What this run was built as: bin/CONFIGURATION/FRAMEWORK/.
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    [Theory]
    [InlineData("PushProxy.Http2", "lib/net10.0/PushProxy.Http2")]
    [InlineData("PushProxy.Analysis", "lib/net10.0/PushProxy.Analysis")]
    [InlineData("PushProxy.Cache", "lib/net10.0/PushProxy.Cache")]
    [InlineData("PushProxy", "lib/net10.0/PushProxy.Core")]
    public async Task Library_is_packed_without_a_warning_and_with_all_a_user_looks_for(string library, string assembly)
    {
        using var folder = new TempFolder();

        var (code, output) = await PackAsync(library, folder.Path);

        Assert.True(code == 0, output);
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        using var package = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(folder.Path, "*.nupkg")));
        Assert.Subset(package.Entries.Select(static e => e.FullName).ToHashSet(), new HashSet<string> { $"{assembly}.dll", $"{assembly}.xml", "README.md" });
        var metadata = Metadata(package);
        Assert.Equal(library, metadata("id"));
        Assert.Equal("MIT", metadata("license"));
        Assert.Equal("README.md", metadata("readme"));
        Assert.Equal("PushProxy contributors", metadata("authors"));
        Assert.NotEqual("Package Description", metadata("description"));
        Assert.NotEmpty(metadata("tags")!);
        using var symbols = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(folder.Path, "*.snupkg")));
        Assert.Contains($"{assembly}.pdb", symbols.Entries.Select(static e => e.FullName));
    }

    [Fact]
    public async Task Program_is_no_package()
    {
        using var folder = new TempFolder();

        var (_, output) = await PackAsync("PushProxy.Server", folder.Path);

        Assert.True(Directory.GetFiles(folder.Path).Length == 0, output);
    }

    private static async Task<(int Code, string Output)> PackAsync(string project, string target)
    {
        var path = Repository.File($"src/{project}/{project}.csproj");
        var result = await ExternalTool.RunAsync(
            "dotnet", ["pack", path, "--no-build", "-c", Configuration, "-o", target], TimeSpan.FromMinutes(2), Repository.Folder);
        return (result.ExitCode, result.Output + result.Error);
    }

    private static Func<string, string?> Metadata(ZipArchive package)
    {
        using var stream = package.Entries.Single(static e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single(static e => e.Name.LocalName == "metadata");
        return name => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value;
    }
}
