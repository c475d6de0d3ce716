using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Cache.Fields;

namespace PushProxy.Cache.Rules;

/// <summary>
/// The request fields that chose a response (RFC 9111 §4.1), and their values. Values that mean the same are equal: white space, lines and
/// the order of what is accepted make no difference.
/// </summary>
internal sealed class Selection : IEquatable<Selection>
{
    public static readonly Selection Everything = new([], []);

    /// <summary>More fields than this are no choice but confusion.</summary>
    private const int MaxNames = 16;

    private const int MaxValueLength = 2048;

    /// <summary>The content codings that origins choose among. Others make no difference.</summary>
    private static readonly string[] KnownCodings = ["br", "deflate", "gzip", "zstd"];

    private readonly string[] _names;
    private readonly string[] _values;

    private Selection(string[] names, string[] values) => (_names, _values) = (names, values);

    /// <summary>The memory it takes, in bytes, roughly.</summary>
    public int Size => 64 + (2 * (_names.Sum(static n => n.Length) + _values.Sum(static v => v.Length)));

    /// <summary>Whether a choice of content coding is part of it.</summary>
    public bool HasAcceptEncoding => Array.Exists(_names, static n => n == "accept-encoding");

    /// <summary>Returns the names in Vary, in lower case and in order; null if no request can match: * or too many.</summary>
    public static string[]? NamesOf(StringValues vary)
    {
        if (vary.Count == 0)
        {
            return [];
        }

        var names = Words.Of(vary).Select(static n => n.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal).ToArray();
        return names.Length > MaxNames || names.Contains("*") ? null : names;
    }

    /// <summary>
    /// Returns whether a response has a content coding that requests are not told apart by: who accepts another would get it.
    /// </summary>
    public static bool HasUnknownCoding(StringValues contentEncoding) =>
        Words.Of(contentEncoding).Any(static c => c.ToLowerInvariant() is not ("identity" or "x-gzip") and var coding
            && !KnownCodings.Contains(coding));

    /// <summary>Returns whether a response with this Vary is chosen by the same fields.</summary>
    public bool IsBy(StringValues vary) => NamesOf(vary) is { } names && names.AsSpan().SequenceEqual(_names);

    /// <summary>Returns whether a field tells clients apart, so that responses that vary by it are made for one.</summary>
    public static bool TellsClientsApart(string name) => name is "cookie" or "authorization" or "x-forwarded-for" or "forwarded";

    /// <summary>Returns the request's values of the fields; null if one is too long to be kept.</summary>
    public static Selection? Of(string[] names, IHeaderDictionary request)
    {
        if (names.Length == 0)
        {
            return Everything;
        }

        var values = new string[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            values[i] = Normalise(names[i], request[names[i]]);
            if (values[i].Length > MaxValueLength)
            {
                return null;
            }
        }

        return new Selection(names, values);
    }

    /// <summary>Returns whether a request would be answered with the same response.</summary>
    public bool Matches(IHeaderDictionary request)
    {
        for (var i = 0; i < _names.Length; i++)
        {
            if (_values[i] != Normalise(_names[i], request[_names[i]]))
            {
                return false;
            }
        }

        return true;
    }

    public bool Equals(Selection? other) =>
        other is not null && _names.AsSpan().SequenceEqual(other._names) && _values.AsSpan().SequenceEqual(other._values);

    public override bool Equals(object? obj) => Equals(obj as Selection);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var value in _values)
        {
            hash.Add(value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    // A missing field is not the same as an empty one (RFC 9111 §4.1). No field value has a NUL.
    private static string Normalise(string name, StringValues lines)
    {
        if (lines.Count == 0)
        {
            return "\0";
        }

        return name switch
        {
            "accept-encoding" => Codings(lines),
            "accept-language" => string.Join(',', Words.Of(lines).Select(static w => w.ToLowerInvariant()).Order(StringComparer.Ordinal)),
            _ => string.Join(',', Words.Of(lines)),
        };
    }

    /// <summary>Returns the content codings that a request accepts, in a form that is the same for the same codings.</summary>
    public static string CodingsOf(IHeaderDictionary request) => Normalise("accept-encoding", request.AcceptEncoding);

    private static string Codings(StringValues lines)
    {
        var accepted = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var word in Words.Of(lines))
        {
            var end = word.IndexOf(';', StringComparison.Ordinal);
            var coding = (end < 0 ? word : word[..end].TrimEnd()).ToLowerInvariant();
            var weight = end < 0 ? "" : string.Concat(word[(end + 1)..].Where(static c => c is not (' ' or '\t'))).ToLowerInvariant();
            var isRefused = weight is "q=0" or "q=0.0" or "q=0.00" or "q=0.000";
            coding = coding == "x-gzip" ? "gzip" : coding;
            if (isRefused ? coding is "identity" or "*" : coding == "*" || KnownCodings.Contains(coding))
            {
                accepted.Add(isRefused ? $"-{coding}" : coding);
            }
        }

        return string.Join(',', accepted);
    }
}
