namespace PushProxy.Server.Tests.Support;

/// <summary>A folder of one test, gone with it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("pushproxy-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        var path = this[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The same in one step: whoever looks at the file meanwhile sees the old text or the new one, and nothing half written.</summary>
    public string Replace(string name, string text)
    {
        File.Move(Write(name + ".new", text), this[name], overwrite: true);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
