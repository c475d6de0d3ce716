using System.Security.Cryptography;
using System.Text;

namespace PushProxy.Testing.Comparing;

/// <summary>What one end of an exchange saw, a line each, so that two can be compared and read.</summary>
public sealed class Transcript
{
    private readonly List<string> _lines = [];

    /// <summary>The lines, in the order they were seen.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        lock (_lines)
        {
            _lines.Add(line);
        }
    }

    /// <summary>Adds a header field. A <c>Date</c> of about now becomes the word "now".</summary>
    public void AddHeader(string name, string value)
    {
        if (name.Equals("Date", StringComparison.OrdinalIgnoreCase)
            && DateTimeOffset.TryParse(value, out var date)
            && (DateTimeOffset.UtcNow - date).Duration() < TimeSpan.FromMinutes(10))
        {
            value = "now";
        }

        Add($"header {name}: {value}");
    }

    /// <summary>Adds a body by its length, hash and beginning.</summary>
    public void AddBody(string what, BodyDigest body) => Add($"{what}: {body}");

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Lines);
}

/// <summary>Length, hash and beginning of a body that may be too long to keep.</summary>
public sealed class BodyDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly StringBuilder _start = new();

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        _hash.AppendData(bytes);
        if (_start.Length < 80)
        {
            _start.Append(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 80 - _start.Length)]));
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Length} bytes, SHA-256 {Convert.ToHexString(_hash.GetCurrentHash())[..16]}, '{_start.ToString().ReplaceLineEndings("⏎")}'";

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
