using System.Text;

namespace PushProxy.Testing;

/// <summary>A file of its own for one test.</summary>
public sealed class TemporaryFile : IDisposable
{
    /// <summary>Makes an empty file, or one with a text.</summary>
    /// <param name="text">The text; as Latin-1, so that a char is a byte.</param>
    public TemporaryFile(string text = "") => File.WriteAllText(Path, text, Encoding.Latin1);

    /// <summary>Where it is.</summary>
    public string Path { get; } = System.IO.Path.GetTempFileName();

    /// <summary>What is in it now, as Latin-1.</summary>
    public string Text => File.ReadAllText(Path, Encoding.Latin1);

    /// <inheritdoc/>
    public void Dispose() => File.Delete(Path);
}
