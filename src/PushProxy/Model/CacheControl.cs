using Microsoft.Extensions.Primitives;

namespace PushProxy.Model;

/// <summary>
/// The directives of Cache-Control fields that matter to a browser's cache or say whether a shared one may store (RFC 9111 §5.2).
/// Read without allocating; what is not understood is passed over.
/// </summary>
internal struct CacheControl
{
    /// <summary>The greatest number of seconds there is (RFC 9111 §1.2.2); a greater one counts as this one: 68 years.</summary>
    public const int MaxSeconds = int.MaxValue;

    public bool NoStore { get; private set; }

    /// <summary>The qualified form, <c>no-cache="Set-Cookie"</c>, counts as well: most caches treat it alike (RFC 9111 §5.2.2.4).</summary>
    public bool NoCache { get; private set; }

    /// <summary>The unqualified form only: <c>private="Set-Cookie"</c> lets a shared cache store the rest (RFC 9111 §5.2.2.7).</summary>
    public bool Private { get; private set; }

    /// <summary>Either form. Who wants to be sure that nothing of one visitor is kept asks for this.</summary>
    public bool AnyPrivate { get; private set; }

    public bool Public { get; private set; }

    public bool MustRevalidate { get; private set; }

    public bool SharedMaxAge { get; private set; }

    /// <summary>Null when there is none; see <see cref="MaxAgeIsInvalid"/>.</summary>
    public int? MaxAge { get; private set; }

    /// <summary>A max-age that is no number, or two that differ.</summary>
    public bool MaxAgeIsInvalid { get; private set; }

    /// <summary>A quoted string does not end: what stands in it may have been meant as directives.</summary>
    public bool IsBroken { get; private set; }

    public static CacheControl Parse(StringValues lines)
    {
        var all = default(CacheControl);
        foreach (var line in lines)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                var end = FieldList.EndOfMember(rest, escapes: true, out var closed);
                all.IsBroken |= !closed;
                all.Take(rest[..end].Trim(" \t"));
                rest = end < rest.Length ? rest[(end + 1)..] : default;
            }
        }

        return all;
    }

    private void Take(ReadOnlySpan<char> directive)
    {
        var equals = directive.IndexOf('=');
        var name = (equals < 0 ? directive : directive[..equals]).TrimEnd(" \t");
        var isQualified = equals >= 0;
        if (Is(name, "max-age"))
        {
            TakeMaxAge(equals < 0 ? default : directive[(equals + 1)..].Trim(" \t"));
            return;
        }

        NoStore |= Is(name, "no-store");
        NoCache |= Is(name, "no-cache");
        AnyPrivate |= Is(name, "private");
        Private |= !isQualified && Is(name, "private");
        Public |= Is(name, "public");
        MustRevalidate |= Is(name, "must-revalidate");
        SharedMaxAge |= Is(name, "s-maxage");
    }

    /// <summary>Both forms of argument are to be accepted: max-age=60 and max-age="60" (RFC 9111 §5.2).</summary>
    private void TakeMaxAge(ReadOnlySpan<char> value)
    {
        if (value.Length >= 2 && value[0] == '"' && value[^1] == '"')
        {
            value = value[1..^1];
        }

        if (!DeltaSeconds.TryParse(value, out var seconds) || (MaxAge is { } other && other != seconds))
        {
            MaxAgeIsInvalid = true;
        }
        else
        {
            MaxAge = seconds;
        }
    }

    private static bool Is(ReadOnlySpan<char> name, string directive) => name.Equals(directive, StringComparison.OrdinalIgnoreCase);
}
