using System.Text;

namespace PushProxy.Forwarding.Interim;

/// <summary>
/// Reads what an origin sends for one request until its final response begins (RFC 9112 §4): interim responses (RFC 9110 §15.2), of which
/// the 103s count. The bytes may come in any pieces. Whatever does not look like this ends the reading.
/// </summary>
/// <param name="hints">Gets the 103s.</param>
internal sealed class InterimReader(OriginHints hints)
{
    /// <summary>The longest head that is read, in bytes.</summary>
    public const int MaxHeadBytes = 16 * 1024;

    /// <summary>How many interim responses are read for one request.</summary>
    public const int MaxResponses = 16;

    private const int EarlyHints = 103;
    private const int SwitchingProtocols = 101;

    // "HTTP/1.1 103"
    private const int StatusAt = 9;
    private const int StatusEnd = 12;

    private List<byte>? _head;
    private int _responses;

    /// <summary>Reads the next bytes.</summary>
    /// <returns>False if nothing more is to be read: the final response has begun, or something that cannot be read.</returns>
    public bool Read(ReadOnlySpan<byte> bytes)
    {
        if (_head is null && bytes.Length >= StatusEnd && bytes[StatusAt] != (byte)'1')
        {
            // Nearly all responses.
            return false;
        }

        _head ??= [];
        foreach (var octet in bytes)
        {
            _head.Add(octet);
            if ((_head.Count == StatusEnd && Status() is < 100 or >= 200 or SwitchingProtocols) || _head.Count > MaxHeadBytes)
            {
                return false;
            }

            if (octet == '\n' && IsComplete())
            {
                if (Status() == EarlyHints)
                {
                    hints.Came(Fields());
                }

                if (++_responses == MaxResponses)
                {
                    return false;
                }

                _head.Clear();
            }
        }

        return true;
    }

    private int Status()
    {
        var status = 0;
        for (var i = StatusAt; i < StatusEnd; i++)
        {
            if (_head![i] is not (>= (byte)'0' and <= (byte)'9'))
            {
                return 0;
            }

            status = (status * 10) + _head[i] - '0';
        }

        return status;
    }

    // A line may end with LF alone (RFC 9112 §2.2). The status line is longer than that.
    private bool IsComplete() => _head!.Count > StatusEnd && (_head[^2] == '\n' || (_head[^2] == '\r' && _head[^3] == '\n'));

    private List<KeyValuePair<string, string>> Fields()
    {
        var fields = new List<KeyValuePair<string, string>>();
        foreach (var line in Unfolded(Encoding.Latin1.GetString([.. _head!]).Split('\n').Skip(1)))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                // A tab is white space as good as a space (RFC 9110 §5.5), and no client needs one.
                fields.Add(new(line[..colon], line[(colon + 1)..].Replace('\t', ' ').Trim(' ')));
            }
        }

        return fields;
    }

    // A line that begins with white space goes on with the one before (RFC 9112 §5.2). Before the first field it belongs to none (§2.2).
    private static List<string> Unfolded(IEnumerable<string> lines)
    {
        var unfolded = new List<string>();
        foreach (var line in lines.Select(static l => l.TrimEnd('\r')))
        {
            if (line is not [' ' or '\t', ..])
            {
                unfolded.Add(line);
            }
            else if (unfolded.Count > 0)
            {
                unfolded[^1] = $"{unfolded[^1].TrimEnd(' ', '\t')} {line.Trim(' ', '\t')}";
            }
        }

        return unfolded;
    }
}
