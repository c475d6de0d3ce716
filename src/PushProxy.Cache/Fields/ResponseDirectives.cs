using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace PushProxy.Cache.Fields;

/// <summary>
/// What a response says to shared caches: <c>CDN-Cache-Control</c> if the response has it (RFC 9213), otherwise <c>Cache-Control</c> (RFC
/// 9111 §5.2.2). Unknown directives are ignored. Of a number that occurs twice, the smaller counts.
/// </summary>
internal sealed class ResponseDirectives
{
    public const string TargetedField = "CDN-Cache-Control";

    private static readonly ResponseDirectives None = new();

    private List<string>? _unstoredFields;

    public bool NoStore { get; private set; }

    /// <summary>Whether no-cache applies to the whole response.</summary>
    public bool NoCache { get; private set; }

    /// <summary>Whether private applies to the whole response.</summary>
    public bool Private { get; private set; }

    public bool Public { get; private set; }

    public bool MustRevalidate { get; private set; }

    public bool ProxyRevalidate { get; private set; }

    public bool MustUnderstand { get; private set; }

    public bool Immutable { get; private set; }

    public bool NoTransform { get; private set; }

    /// <summary>s-maxage in seconds; 0 if it can't be read; null if it is missing.</summary>
    public int? SharedMaxAge { get; private set; }

    /// <summary>max-age in seconds; 0 if it can't be read; null if it is missing.</summary>
    public int? MaxAge { get; private set; }

    /// <summary>stale-while-revalidate in seconds (RFC 5861 §3).</summary>
    public int StaleWhileRevalidate { get; private set; }

    /// <summary>stale-if-error in seconds (RFC 5861 §4); null if it is missing.</summary>
    public int? StaleIfError { get; private set; }

    /// <summary>Whether a quoted string does not end. Its text may have been meant as directives.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether the directives are meant for shared caches alone (RFC 9213). Then Expires does not count.</summary>
    public bool IsTargeted { get; private set; }

    /// <summary>The fields that private and no-cache name. They are not stored.</summary>
    public IReadOnlyList<string> UnstoredFields => _unstoredFields ?? (IReadOnlyList<string>)[];

    /// <summary>
    /// Whether the origin says that the response is for everybody, whoever asked: public, s-maxage, or a lifetime for shared caches alone.
    /// </summary>
    public bool IsForEverybody => Public || SharedMaxAge > 0 || (IsTargeted && MaxAge > 0);

    public static ResponseDirectives Of(IHeaderDictionary headers)
    {
        if (headers.TryGetValue(TargetedField, out var targeted) && StructuredDictionary.Parse(targeted) is { Count: > 0 } members)
        {
            var directives = new ResponseDirectives { IsTargeted = true };
            foreach (var (name, value) in members)
            {
                directives.Take(name, value.Text, value.Kind is StructuredKind.Text or StructuredKind.Other ? "" : value.Text);
            }

            // no-transform is said to everyone on the way, not to caches alone.
            directives.NoTransform |= Parse(headers.CacheControl).NoTransform;
            return directives;
        }

        return headers.CacheControl.Count == 0 ? None : Parse(headers.CacheControl);
    }

    public static ResponseDirectives Parse(StringValues lines)
    {
        var all = new ResponseDirectives();
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
        if (equals < 0)
        {
            // "no-store; max-age=0" is one unknown directive, but it is clear what the origin wants to forbid.
            foreach (var part in directive.Split(';'))
            {
                Take(directive[part].Trim(" \t").ToString(), null, "");
            }

            return;
        }

        // Both forms of an argument are right (RFC 9111 §5.2): max-age=60 and max-age="60".
        var name = directive[..equals].TrimEnd(" \t");
        foreach (var part in name.Split(';'))
        {
            var value = directive[(equals + 1)..].Trim(" \t");
            var text = value.Length >= 2 && value[0] == '"' && value[^1] == '"' ? value[1..^1].ToString() : value.ToString();
            Take(name[part].Trim(" \t").ToString(), text, text);
        }
    }

    private void Take(string name, string? argument, string? number)
    {
        switch (name.ToLowerInvariant())
        {
            case "no-store": NoStore = true; break;
            case "no-cache" when argument is null or "": NoCache = true; break;
            case "no-cache": Unstore(argument); break;
            case "private" when argument is null or "": Private = true; break;
            case "private": Unstore(argument); break;
            case "public": Public = true; break;
            case "must-revalidate": MustRevalidate = true; break;
            case "proxy-revalidate": ProxyRevalidate = true; break;
            case "must-understand": MustUnderstand = true; break;
            case "immutable": Immutable = true; break;
            case "no-transform": NoTransform = true; break;
            case "max-age": MaxAge = Least(MaxAge, number); break;
            case "s-maxage": SharedMaxAge = Least(SharedMaxAge, number); break;
            case "stale-while-revalidate": StaleWhileRevalidate = Least(null, number); break;
            case "stale-if-error": StaleIfError = Least(StaleIfError, number); break;
        }
    }

    private void Unstore(string fields) => (_unstoredFields ??= []).AddRange(Words.Of(fields));

    // A lifetime that can't be read is none, and the response is stale (RFC 9111 §4.2.1).
    private static int Least(int? known, string? text)
    {
        var seconds = DeltaSeconds.TryParse(text, out var read) ? read : 0;
        return known < seconds ? known.Value : seconds;
    }
}
