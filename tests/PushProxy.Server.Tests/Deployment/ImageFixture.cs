using PushProxy.Testing;

namespace PushProxy.Server.Tests.Deployment;

/// <summary>The image of deploy/Dockerfile, built once for all tests of it.</summary>
public sealed class ImageFixture : IAsyncLifetime
{
    internal IReadOnlyList<Stage> Stages { get; } = Dockerfile.Parse(File.ReadAllText(Repository.File("deploy/Dockerfile")));

    internal NativeBuild Build { get; } = new();

    public async ValueTask InitializeAsync() => await Build.RunAsync(Stages);

    public ValueTask DisposeAsync()
    {
        Build.Dispose();
        return ValueTask.CompletedTask;
    }
}
