using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Cache.Encodings;
using PushProxy.Cache.Store;

namespace PushProxy.Cache.Serving;

/// <summary>Tells how much a request would be sent from the store, so that who plans ahead counts what will be sent.</summary>
internal sealed class StoredSizes(ResponseStore store)
{
    /// <summary>Returns the bytes of content, in the coding in which they would be sent; null if nothing is stored.</summary>
    /// <param name="scheme">http or https.</param>
    /// <param name="authority">The host, and the port if the client names it.</param>
    /// <param name="target">The path and the query.</param>
    /// <param name="fields">The fields of the request.</param>
    public int? Of(string scheme, string authority, string target, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var key = CacheKey.Of(scheme, authority, target);
        if (!store.Knows(key))
        {
            return null;
        }

        var request = new HeaderDictionary();
        foreach (var (name, value) in fields)
        {
            request[name] = new StringValues(value);
        }

        return store.Peek(key, request) is not { Head.Status: StatusCodes.Status200OK } stored ? null
            : stored is { IsEncodable: true, Forms: { } forms } && BestForms.Choose(forms, request) is { } form ? form.Bytes.Length
            : stored.Body.Length;
    }
}
