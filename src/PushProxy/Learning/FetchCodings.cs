using Microsoft.Extensions.Primitives;
using PushProxy.Cache.Fields;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// Chooses the <c>Accept-Encoding</c> of what the proxy fetches itself. An origin that varies by it has a variant for each, and the store
/// keeps them apart. So the fetch asks for the one that the visitor's browser will ask for.
/// </summary>
internal static class FetchCodings
{
    /// <summary>What today's browsers send. Where no visitor says otherwise, the next one will.</summary>
    public const string Usual = "gzip, deflate, br, zstd";

    /// <summary>Longer fields are nobody's browser's.</summary>
    private const int MaxLength = 256;

    /// <summary>Returns the field for what a visitor's page needs: the visitor's own, without codings that can't be decoded here.</summary>
    /// <param name="visitor">The Accept-Encoding of the request for the page.</param>
    public static string For(StringValues visitor)
    {
        if (visitor.Count == 0 || visitor.Sum(static line => line?.Length ?? 0) > MaxLength)
        {
            return Usual;
        }

        var known = string.Join(", ", Words.Of(visitor).Where(static word =>
            ContentDecoder.Parse(word.Split(';')[0]) is not (null or ContentCoding.Identity)));
        return known.Length == 0 ? Usual : known;
    }
}
