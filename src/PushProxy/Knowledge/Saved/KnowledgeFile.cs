using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace PushProxy.Knowledge.Saved;

/// <summary>
/// The file in which the program keeps what it has learned. It is replaced as a whole, so whenever the program is killed, a whole one is
/// there. One that cannot be used is set aside, and learning begins anew. Only one process uses a folder.
/// </summary>
internal sealed partial class KnowledgeFile : IDisposable
{
    private const string Name = "knowledge";

    /// <summary>The records may take as much more memory than what is made of them, at most.</summary>
    private const long MaxFactor = 8;

    private readonly string _path;
    private SavedAbout _about;
    private readonly ILogger _logger;
    private readonly FileStream? _lock;
    private readonly Task _reading = Task.CompletedTask;

    /// <summary>Opens the file in a folder and reads it.</summary>
    /// <param name="folder">The folder; null if nothing is kept.</param>
    /// <param name="rules">From when on something may be told.</param>
    /// <param name="destinations">Where each route leads.</param>
    /// <param name="maxBytes">The memory that all that is learned may take, in bytes.</param>
    /// <param name="logger">Is told what came of it.</param>
    public KnowledgeFile(
        string? folder, SavedRules rules, IReadOnlyDictionary<string, IReadOnlyList<string>> destinations, long maxBytes, ILogger logger)
    {
        _logger = logger;
        _path = Path.Combine(folder ?? "", Name);
        _about = new SavedAbout(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), rules, destinations);
        if (folder is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(folder);
            _lock = new FileStream(_path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(folder, e.Message);
            return;
        }

        // The program has enough else to do meanwhile.
        _reading = Task.Run(() =>
        {
            if (Read(maxBytes) is { } before)
            {
                _about = _about with { ClientKey = before.ClientKey };
            }
        });
        Records.Reading = _reading;
    }

    /// <summary>Whether what is learned is kept.</summary>
    public bool IsOpen => _lock is not null;

    /// <summary>The key that tells clients apart. It is the same after a restart.</summary>
    public ulong ClientKey
    {
        get
        {
            _reading.GetAwaiter().GetResult();
            return _about.ClientKey;
        }

        set => _about = _about with { ClientKey = value };
    }

    /// <summary>What was kept when the program ended last.</summary>
    public KeptRecords Records { get; } = new();

    /// <summary>The size of the file that was written last, in bytes.</summary>
    public long Size { get; private set; }

    /// <summary>Replaces the file.</summary>
    /// <param name="write">Writes all records but the first and the last.</param>
    /// <exception cref="IOException">The file can't be written. The one before it is still there.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public async Task ReplaceAsync(Func<RecordFile.Writer, Task> write)
    {
        await _reading;
        var made = _path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 64 * 1024 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (var file = new FileStream(made, options))
        {
            var writer = new RecordFile.Writer(file);
            writer.Write(SavedKind.About, default, JsonSerializer.SerializeToUtf8Bytes(_about, SavedJson.Default.SavedAbout));
            await write(writer);
            writer.Complete();

            // Else the name may be on the disk before the bytes are.
            file.Flush(flushToDisk: true);
            Size = file.Length;
        }

        File.Move(made, _path, overwrite: true);
    }

    public void Dispose()
    {
        _reading.GetAwaiter().GetResult();
        _lock?.Dispose();
    }

    private SavedAbout? Read(long maxBytes)
    {
        try
        {
            using var file = new FileStream(_path, FileMode.Open, FileAccess.Read);
            var records = RecordFile.Read(file, MaxFactor * maxBytes);
            var about = records is [(SavedKind.About, _, var text), ..]
                ? JsonSerializer.Deserialize(text.Span, SavedJson.Default.SavedAbout) : null;
            if (about is null)
            {
                throw new InvalidDataException("it does not say what it is");
            }

            if (!about.Rules.AreAsStrictAs(_about.Rules))
            {
                SetAside("it was learned by looser limits than those of now");
                return about;
            }

            Size = file.Length;
            Records.Add(records, route => LeadsWhereItLed(route, about));
            LogRead(records.Count(static r => r.Kind == SavedKind.Path), records.Count(static r => r.Kind == SavedKind.Shell), _path);
            return about;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or NotSupportedException)
        {
            SetAside(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRead(_path, e.Message);
        }
        catch (Exception e)
        {
            // Requests wait for this, and would all fail.
            LogNotRead(_path, e.ToString());
        }

        return null;
    }

    // A site that is another one now must not be taken for the one before it.
    private bool LeadsWhereItLed(string route, SavedAbout before) =>
        _about.Destinations.TryGetValue(route, out var now) && before.Destinations.TryGetValue(route, out var then)
            && now.Intersect(then).Any();

    private void SetAside(string reason)
    {
        var aside = _path + ".set-aside";
        try
        {
            File.Move(_path, aside, overwrite: true);
            LogSetAside(_path, reason, aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRead(_path, $"{reason}, and it can't be set aside: {e.Message}");
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "What was learned is not kept in '{Folder}': {Reason}. Only one process can use a folder")]
    private partial void LogNotKept(string folder, string reason);

    [LoggerMessage(4, LogLevel.Information, "Read back {Pages} pages and {Shells} shells that were learned before, from '{File}'")]
    private partial void LogRead(int pages, int shells, string file);

    [LoggerMessage(2, LogLevel.Warning, "What was learned before can't be read from '{File}': {Reason}. Learning begins anew")]
    private partial void LogNotRead(string file, string reason);

    [LoggerMessage(3, LogLevel.Warning, "'{File}' is not used: {Reason}. It is now '{Aside}', and learning begins anew")]
    private partial void LogSetAside(string file, string reason, string aside);
}
