using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace PushProxy.Server.Configuration;

/// <summary>A JSON file as a configuration source. Changes are taken over from outside, once they have been found good.</summary>
internal sealed class ConfigurationFile(string path) : ConfigurationProvider, IConfigurationSource
{
    public string FilePath { get; } = Path.GetFullPath(path);

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <exception cref="ConfigurationException">The file can't be read, or is no JSON; the message names file and line.</exception>
    public override void Load() => Data = Read();

    /// <summary>Reads the file anew, without using it.</summary>
    public Dictionary<string, string?> Read()
    {
        try
        {
            using var stream = File.OpenRead(FilePath);
            var read = new ConfigurationBuilder().AddJsonStream(stream).Build();
            return read.AsEnumerable().Where(pair => pair.Value is not null)
                .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(FilePath, e.Message);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or JsonException)
        {
            throw new ConfigurationException(FilePath, e.GetBaseException().Message);
        }
    }

    /// <summary>Puts what was read in force and tells everyone who follows.</summary>
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
