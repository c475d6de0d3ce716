using System.ComponentModel;

namespace PushProxy.Cache;

/// <summary>
/// Selects which responses are stored. The values in a configuration are <c>assets</c>, <c>all</c> and <c>off</c>.
/// </summary>
[TypeConverter(typeof(HttpCacheScopeConverter))]
public enum HttpCacheScope
{
    /// <summary>What is no document: stylesheets, scripts, fonts, images, data. As far as the response allows it (RFC 9111 §3).</summary>
    Assets,

    /// <summary>
    /// Documents, too. A document that was made for a request with cookies is stored only if the response says <c>public</c> or
    /// <c>s-maxage</c>, and only such a document answers a request with cookies.
    /// </summary>
    All,

    /// <summary>Nothing is stored, and nothing is answered from the store.</summary>
    Off,
}
