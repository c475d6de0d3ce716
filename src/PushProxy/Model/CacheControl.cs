using Microsoft.Extensions.Primitives;
using PushProxy.Cache.Fields;

namespace PushProxy.Model;

/// <summary>
/// Reads the Cache-Control directives that matter to a browser's cache, or that decide whether a shared cache may store the response (RFC
/// 9111 §5.2). Reading allocates no memory and ignores unknown directives.
/// </summary>
internal struct CacheControl
{
    public bool NoStore { get; private set; }

    /// <summary>
    /// Whether the response has <c>no-cache</c>. The qualified form, <c>no-cache="Set-Cookie"</c>, counts too, because most caches treat it
    /// like the unqualified one (RFC 9111 §5.2.2.4).
    /// </summary>
    public bool NoCache { get; private set; }

    /// <summary>
    /// Whether the response has <c>private</c> without an argument. The qualified form, <c>private="Set-Cookie"</c>, lets a shared cache
    /// store the rest (RFC 9111 §5.2.2.7).
    /// </summary>
    public bool Private { get; private set; }

    /// <summary>
    /// Whether the response has <c>private</c> in either form. Use it to make sure that nothing made for one visitor is kept.
    /// </summary>
    public bool AnyPrivate { get; private set; }

    public bool Public { get; private set; }

    public bool MustRevalidate { get; private set; }

    public bool SharedMaxAge { get; private set; }

    /// <summary>The value of <c>max-age</c> in seconds; null if the directive is missing. See <see cref="MaxAgeIsInvalid"/>.</summary>
    public int? MaxAge { get; private set; }

    /// <summary>Whether a max-age is not a number, or two of them differ.</summary>
    public bool MaxAgeIsInvalid { get; private set; }

    /// <summary>Whether a quoted string does not end. Its text may have been meant as directives.</summary>
    public bool IsBroken { get; private set; }

    public static CacheControl Parse(StringValues lines)
    {
        var all = default(CacheControl);
        foreach (var line in lines)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                all.Take(FieldList.Next(ref rest, escapes: true, out var closed));
                all.IsBroken |= !closed;
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

        // "no-store; max-age=0" is one unknown directive, but it is clear what the origin wants to forbid.
        foreach (var part in name.Split(';'))
        {
            var word = name[part].Trim(" \t");
            NoStore |= Is(word, "no-store");
            NoCache |= Is(word, "no-cache");
            AnyPrivate |= Is(word, "private");
            Private |= !isQualified && Is(word, "private");
        }

        Public |= Is(name, "public");
        MustRevalidate |= Is(name, "must-revalidate");
        SharedMaxAge |= Is(name, "s-maxage");
    }

    /// <summary>Accepts both forms of the argument, as RFC 9111 §5.2 requires: max-age=60 and max-age="60".</summary>
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
