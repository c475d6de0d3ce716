using Microsoft.Extensions.Primitives;

namespace PushProxy.Model;

/// <summary>
/// Says by what an answer varies, as far as a promised request cannot have the fields of the request that the client would make itself (RFC
/// 9110 §12.5.5, RFC 9113 §8.4).
/// </summary>
[Flags]
internal enum PromiseVary
{
    /// <summary>A promised request has the same fields.</summary>
    None = 0,

    /// <summary>By <c>Authorization</c>. Only a promise with the client's credentials has the same.</summary>
    ByAuthorization = 1,

    /// <summary>
    /// By <c>Cookie</c>. The page's response may set one, PushProxy's own among them. Then the client's request has other cookies than one
    /// that was made before, and the client fetches the resource again.
    /// </summary>
    ByCookie = 2,

    /// <summary>By <c>Referer</c>, which depends on what names the resource, or by anything (<c>*</c>).</summary>
    ByRequest = 4,

    /// <summary>By what no promise is certain to have.</summary>
    ByWhatNoPromiseHas = ByCookie | ByRequest,
}

/// <summary>Reads <c>Vary</c>.</summary>
internal static class PromiseVaries
{
    /// <summary>Returns by what a response with these Vary fields varies.</summary>
    public static PromiseVary Of(StringValues vary)
    {
        var all = PromiseVary.None;
        foreach (var line in vary)
        {
            var text = line.AsSpan();
            foreach (var part in text.Split(','))
            {
                all |= Of(text[part].Trim(" \t"));
            }
        }

        return all;
    }

    private static PromiseVary Of(ReadOnlySpan<char> name) =>
        name is "*" || Is(name, "Referer") ? PromiseVary.ByRequest
        : Is(name, "Cookie") ? PromiseVary.ByCookie
        : Is(name, "Authorization") ? PromiseVary.ByAuthorization
        : PromiseVary.None;

    private static bool Is(ReadOnlySpan<char> name, string field) => name.Equals(field, StringComparison.OrdinalIgnoreCase);
}
