using PushProxy.Testing;

namespace PushProxy.Server.Tests.Deployment;

public class BuildContextTests
{
    [Fact]
    public void Context_is_what_the_image_needs_and_nothing_a_build_here_left_behind()
    {
        var files = new BuildContext(Repository.Folder).Files;

        Assert.Contains("src/PushProxy.Server/Program.cs", files);
        Assert.Contains("config/appsettings.json", files);
        Assert.Equal(
            [".editorconfig", "Directory.Build.props", "Directory.Packages.props", "config", "global.json", "src"],
            files.Select(static f => f.Split('/')[0]).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain(files, static f => f.Split('/').Any(static part => part is "bin" or "obj"));
    }

    [Fact]
    public void Restore_step_has_every_project_and_lock_file_so_that_its_layer_is_kept()
    {
        var copied = Dockerfile.Parse(File.ReadAllText(Repository.File("deploy/Dockerfile")))[0].Instructions
            .TakeWhile(static i => i.Name != "RUN").Where(static i => i.Name == "COPY").SelectMany(static i => i.Words.SkipLast(1));
        var decisive = new BuildContext(Repository.Folder).Files.Where(static f =>
            Path.GetExtension(f) is ".csproj" or ".props" || Path.GetFileName(f) is "packages.lock.json" or "global.json");

        Assert.Equal(decisive.Order(StringComparer.Ordinal), copied.Order(StringComparer.Ordinal));
    }
}
