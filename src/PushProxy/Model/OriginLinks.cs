using Microsoft.Extensions.Primitives;
using PushProxy.Analysis;

namespace PushProxy.Model;

/// <summary>Reads which URLs the origin's own Link fields preload (RFC 8288 §3).</summary>
internal static class OriginLinks
{
    /// <returns>The absolute URLs; null if the fields preload none. A link that cannot be read is ignored.</returns>
    public static IReadOnlySet<string>? Preloaded(StringValues fields, Uri page)
    {
        HashSet<string>? found = null;
        foreach (var link in fields.SelectMany(static field => LinkField.Parse(field ?? "")))
        {
            if (link.IsPreload && Uri.TryCreate(page, link.Target, out var url))
            {
                (found ??= new HashSet<string>(StringComparer.Ordinal)).Add(url.GetLeftPart(UriPartial.Query));
            }
        }

        return found;
    }
}
