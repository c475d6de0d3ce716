using System.Text.Json;

namespace PushProxy.Server.Configuration;

/// <summary>A JSON file as a configuration source. A change takes effect when <see cref="Use"/> is called with what was read.</summary>
internal sealed class ConfigurationFile(string path) : ConfigurationProvider, IConfigurationSource
{
    public string FilePath { get; } = Path.GetFullPath(path);

    /// <summary>What the file said when it was last used.</summary>
    public Dictionary<string, string?> Current => new(Data, StringComparer.OrdinalIgnoreCase);

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <exception cref="ConfigurationException">The file can't be read or is not JSON; the message names file and line.</exception>
    public override void Load() => Data = Read();

    /// <summary>Reads the file again, without using it.</summary>
    public Dictionary<string, string?> Read()
    {
        try
        {
            using var stream = File.OpenRead(FilePath);
            var read = new ConfigurationBuilder().AddJsonStream(stream).Build();

            // Keys without a value are kept: a policy or route may be empty.
            return read.AsEnumerable().ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(FilePath, e.Message);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or JsonException)
        {
            var cause = e.GetBaseException();
            throw new ConfigurationException(FilePath, cause is JsonException json ? Describe(json) : cause.Message);
        }
    }

    // The reader counts lines from zero and says so at the end of its message; editors count from one.
    private static string Describe(JsonException e)
    {
        var position = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return $"line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}: {(position < 0 ? e.Message : e.Message[..position])}";
    }

    /// <summary>Makes what was read the current configuration, and notifies everyone who listens for changes.</summary>
    public void Use(Dictionary<string, string?> data)
    {
        Data = data;
        OnReload();
    }
}

/// <summary>A configuration that can't be read at all.</summary>
internal sealed class ConfigurationException(string path, string message) : Exception($"{path}: {message}")
{
    public ConfigurationError Error { get; } = new(path, message);
}
