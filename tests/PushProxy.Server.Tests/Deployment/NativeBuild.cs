using PushProxy.Server.Tests.Support;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Deployment;

/// <summary>
/// Does on this machine what the steps of a Dockerfile do in a container: each stage has a folder for its root, in which its
/// COPY and RUN work. What base images bring along (.NET) is this machine's.
/// </summary>
internal sealed class NativeBuild : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string> _roots = [];
    private readonly BuildContext _context = new(Repository.Folder);

    /// <summary>The final image.</summary>
    public Stage Image { get; private set; } = null!;

    /// <summary>The final image's root folder.</summary>
    public string Root { get; private set; } = null!;

    /// <summary>The final image's working directory.</summary>
    public string WorkingDirectory { get; private set; } = null!;

    public async Task RunAsync(IReadOnlyList<Stage> stages)
    {
        foreach (var stage in stages)
        {
            (Image, Root) = (stage, _folder[$"stage{_roots.Count}"]);
            _roots[stage.Name ?? "final"] = Root;
            WorkingDirectory = Directory.CreateDirectory(Root).FullName;
            foreach (var instruction in stage.Instructions)
            {
                await StepAsync(instruction);
            }
        }
    }

    /// <summary>Where a path of the image is on this machine.</summary>
    public string InImage(string path) => path.StartsWith('/') ? Root + path : Path.Combine(WorkingDirectory, path);

    public void Dispose() => _folder.Dispose();

    private async Task StepAsync(Instruction step)
    {
        switch (step.Name)
        {
            case "WORKDIR":
                WorkingDirectory = Directory.CreateDirectory(InImage(step.Rest)).FullName;
                break;
            case "COPY":
                Copy(step);
                break;
            case "RUN":
                await ShellAsync(step.Rest);
                break;
            case "ENV" or "USER" or "VOLUME" or "EXPOSE" or "HEALTHCHECK" or "ENTRYPOINT":
                // They say how the image is run, which the tests do.
                break;
            default:
                throw new NotSupportedException($"Teach {nameof(NativeBuild)} the instruction {step.Name}.");
        }
    }

    private void Copy(Instruction step)
    {
        var words = step.Words;
        var destination = InImage(words[^1]);
        foreach (var source in words.Take(words.Count - 1))
        {
            if (step.Flags.TryGetValue("from", out var stage))
            {
                CopyFolder(_roots[stage] + source, destination);
            }
            else
            {
                _context.Copy(source, words[^1].EndsWith('/') ? destination + "/" : destination);
            }
        }
    }

    private static void CopyFolder(string source, string destination)
    {
        Directory.CreateDirectory(destination);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(destination, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private async Task ShellAsync(string command)
    {
        // Compilers that stay in the background would keep our pipes open; what this test run was started with is not the image's.
        const string clean = "export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false; unset CI MSBUILD_EXE_PATH MSBuildSDKsPath MSBuildExtensionsPath;";
        var result = await ExternalTool.RunAsync("sh", ["-c", $"{clean} {command}"], TimeSpan.FromMinutes(5), WorkingDirectory);
        Assert.True(result.ExitCode == 0, $"RUN {command}\n{result.Output}\n{result.Error}");
    }
}
