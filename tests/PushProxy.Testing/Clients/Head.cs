namespace PushProxy.Testing.Clients;

/// <summary>The head of an HTTP/1.1 message, as it came (Latin-1).</summary>
/// <param name="StartLine">Request or status line.</param>
/// <param name="Fields">The header fields in their order, names in their spelling.</param>
public sealed record Head(string StartLine, IReadOnlyList<(string Name, string Value)> Fields)
{
    /// <summary>The first value of a field, null when there is none.</summary>
    public string? Value(string name) => Fields.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>All values of a field.</summary>
    public IEnumerable<string> Values(string name) =>
        Fields.Where(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(f => f.Value);

    /// <summary>The status code of a response.</summary>
    public int Status => int.Parse(StartLine.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    internal static Head Parse(string text)
    {
        var lines = text.Split("\r\n");
        return new Head(lines[0], [.. lines.Skip(1).Select(Field)]);

        static (string, string) Field(string line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            return colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..].Trim(' '));
        }
    }
}
