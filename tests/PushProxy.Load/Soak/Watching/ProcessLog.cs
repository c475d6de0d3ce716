namespace PushProxy.Load.Soak.Watching;

/// <summary>
/// What a watched proxy logs, one entry a line as .NET's console logger writes it (<c>12:34:56.789 fail: Category[1] message</c>): errors
/// are kept, the rest is counted.
/// </summary>
/// <param name="copy">Where all lines go, too; null: nowhere.</param>
internal sealed class ProcessLog(TextWriter? copy)
{
    private const int Kept = 200;
    private readonly Lock _lock = new();
    private readonly Queue<string> _last = new();
    private readonly List<string> _errors = [];
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>Its last lines.</summary>
    public IReadOnlyList<string> Last => Locked(() => _last.ToArray());

    /// <summary>Errors that were not expected, unhandled exceptions among them; the first ones whole.</summary>
    public IReadOnlyList<string> Errors => Locked(() => _errors.ToArray());

    /// <summary>How many lines there were of each level and category.</summary>
    public IReadOnlyDictionary<string, int> Counts => Locked(() => _counts.ToDictionary());

    /// <summary>How often it said that the configuration file was not used.</summary>
    public int RefusedConfigurations { get; private set; }

    /// <summary>How often it said that certificate files were not used.</summary>
    public int RefusedCertificates { get; private set; }

    /// <summary>Whether a line is an error that nobody has provoked.</summary>
    public static bool IsUnexpected(string line) =>
        line.Contains("Unhandled exception", StringComparison.OrdinalIgnoreCase)
        || (IsError(line) && !IsProvoked(line));

    /// <summary>Takes the next line.</summary>
    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_lock)
        {
            copy?.WriteLine(line);
            _last.Enqueue(line);
            if (_last.Count > Kept)
            {
                _last.Dequeue();
            }

            var words = line.Split(' ', 4);
            if (words.Length > 2 && words[1].EndsWith(':'))
            {
                var key = words[1] + " " + words[2].Split('[')[0];
                _counts[key] = _counts.GetValueOrDefault(key) + 1;
            }

            RefusedConfigurations += RefusesConfiguration(line) ? 1 : 0;
            RefusedCertificates += RefusesCertificates(line) ? 1 : 0;
            if (IsUnexpected(line) && _errors.Count < Kept)
            {
                _errors.Add(line);
            }
        }
    }

    private static bool IsError(string line) =>
        line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal);

    // The soak itself writes files that can't be used: it is an error if nothing is said.
    private static bool IsProvoked(string line) => RefusesConfiguration(line) || RefusesCertificates(line);

    private static bool RefusesConfiguration(string line) => line.Contains("changed but is not used", StringComparison.Ordinal);

    private static bool RefusesCertificates(string line) => line.Contains("changed but are not used", StringComparison.Ordinal);

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}
