using Microsoft.AspNetCore.Http;

namespace PushProxy.Cache;

/// <summary>Decides what applies to each request. An application registers its own to tell routes apart.</summary>
public interface IHttpCachePolicy
{
    /// <summary>Returns what applies to a request. It is called once a request, before anything else.</summary>
    /// <param name="context">The request. Its endpoint is known if the cache comes after routing.</param>
    HttpCacheRules RulesOf(HttpContext context);
}
