using Microsoft.Extensions.Time.Testing;
using PushProxy.Knowledge.Saved;

namespace PushProxy.Tests.Knowledge.Saved;

/// <summary>Processes that keep what they have learned in one folder, one after the other.</summary>
public abstract class RestartCase : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pushproxy-kept-");
    private protected FakeTimeProvider Time { get; } = new(
        DateTimeOffset.Parse("2026-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture));

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _folder.Delete(recursive: true);
    }

    private protected Instance Start(LearningOptions? options = null, ShellOptions? shells = null) => new(_folder.FullName, options, shells, Time);

    /// <summary>All records of the file, as text.</summary>
    private protected string Text()
    {
        using var file = File.OpenRead(Path.Combine(_folder.FullName, "knowledge"));
        return string.Join('\n', RecordFile.Read(file, long.MaxValue).Select(static r => System.Text.Encoding.UTF8.GetString(r.Text.Span)));
    }
}
