using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Cache.Serving;
using PushProxy.Cache.Store;

namespace PushProxy.Cache.Flights;

/// <summary>The conditions that the client sent. The cache asks the origin with its own, and evaluates these itself.</summary>
internal sealed class SentConditions(IHeaderDictionary request)
{
    private readonly StringValues _ifNoneMatch = request.IfNoneMatch;
    private readonly StringValues _ifModifiedSince = request.IfModifiedSince;
    private readonly StringValues _range = request.Range;
    private readonly StringValues _ifRange = request.IfRange;

    /// <summary>Returns whether the client has a response already.</summary>
    public bool HasIt(StoredHead head)
    {
        if (_ifNoneMatch.Count == 0 && _ifModifiedSince.Count == 0)
        {
            return false;
        }

        var conditions = new HeaderDictionary();
        Restore(conditions);
        return Conditions.IsNotModified(conditions, head);
    }

    /// <summary>Gives the request back what the client sent.</summary>
    public void Restore(IHeaderDictionary headers)
    {
        Set(headers, "If-None-Match", _ifNoneMatch);
        Set(headers, "If-Modified-Since", _ifModifiedSince);
        Set(headers, "Range", _range);
        Set(headers, "If-Range", _ifRange);
    }

    private static void Set(IHeaderDictionary headers, string name, StringValues value)
    {
        if (value.Count > 0)
        {
            headers[name] = value;
        }
        else
        {
            headers.Remove(name);
        }
    }
}
