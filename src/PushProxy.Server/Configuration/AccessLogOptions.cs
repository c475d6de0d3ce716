namespace PushProxy.Server.Configuration;

/// <summary>The log of all requests of clients. Read at start.</summary>
internal sealed record AccessLogOptions
{
    /// <summary>How its lines look. Default <see cref="AccessLogFormat.Off"/>.</summary>
    public AccessLogFormat Format { get; init; }

    /// <summary>The file that lines are appended to, relative to the working directory. Null: standard output.</summary>
    public string? File { get; init; }

    /// <summary>
    /// Whether lines have the query of the request's target, and that of <c>Referer</c>. A query may hold secrets. Default true, as Apache
    /// and nginx do.
    /// </summary>
    public bool Query { get; init; } = true;

    /// <summary>Reads a section, which need not be valid.</summary>
    public static AccessLogOptions From(IConfiguration section) => new()
    {
        Format = EnumWords.Parse<AccessLogFormat>(section[nameof(Format)] ?? "") ?? AccessLogFormat.Off,
        File = ServerOptions.Text(section, nameof(File)),
        Query = !bool.TryParse(section[nameof(Query)], out var query) || query,
    };

    /// <summary>Everything wrong with the options.</summary>
    /// <param name="path">The path of the section.</param>
    public IEnumerable<ConfigurationError> Errors(string path)
    {
        if (File is not { } file)
        {
            yield break;
        }

        if (file.Contains('\0', StringComparison.Ordinal))
        {
            yield return new($"{path}:{nameof(File)}", "has a character that no name of a file has");
        }
        else if (Directory.Exists(file))
        {
            yield return new($"{path}:{nameof(File)}", $"'{file}' is a folder; name a file in it");
        }
        else if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
        {
            yield return new($"{path}:{nameof(File)}", $"'{file}': there is no folder '{folder}'");
        }
    }
}
