using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using PushProxy.Client;

namespace PushProxy.Forwarding.Shells;

/// <summary>
/// The answers that are kept for clients who were sent a wrong shell. Each is for the next request for the same URL over the same
/// connection, which is that of one browser: a navigation with at least the same cookies. Connections of intermediaries carry requests of
/// many, so no shell is sent over them.
/// </summary>
internal sealed class KeptAnswers(ShellOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<Key, KeptAnswer> _answers = new();
    private int _count;

    /// <summary>How many are kept.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Keeps the answer to a request that is about to come. Returns null if too many are kept.</summary>
    public KeptAnswer? Keep(HttpContext http)
    {
        if (!TryReserve())
        {
            return null;
        }

        var key = KeyOf(http);
        var kept = new KeptAnswer(options.MaxKeptBytes, options.KeptTime, time)
        {
            Cookies = http.Request.Headers.Cookie.ToString(),
        };
        kept.Gone = () => Remove(key, kept);
        if (_answers.TryAdd(key, kept))
        {
            return kept;
        }

        // One for the same client and URL is kept already.
        Interlocked.Decrement(ref _count);
        kept.Dispose();
        return null;
    }

    /// <summary>Returns the answer that is kept for a request; null if none is. Only a document is loaded again.</summary>
    public KeptAnswer? Take(HttpContext http) =>
        !_answers.IsEmpty && http.Request.Headers["Sec-Fetch-Dest"] == "document" && http.Request.Headers["Sec-Fetch-Mode"] == "navigate"
            && _answers.TryGetValue(KeyOf(http), out var kept) && HasAll(http.Request.Headers.Cookie, kept.Cookies) && kept.TryTake()
            ? kept : null;

    // A script of the shell may have set others.
    private static bool HasAll(StringValues cookies, string wanted)
    {
        var sent = Pairs(cookies.ToString()).ToHashSet(StringComparer.Ordinal);
        return Pairs(wanted).All(sent.Contains);
    }

    private static string[] Pairs(string cookies) =>
        cookies.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private bool TryReserve()
    {
        var count = Count;
        while (count < options.MaxKeptAnswers)
        {
            var seen = Interlocked.CompareExchange(ref _count, count + 1, count);
            if (seen == count)
            {
                return true;
            }

            count = seen;
        }

        return false;
    }

    private void Remove(Key key, KeptAnswer kept)
    {
        if (_answers.TryRemove(new(key, kept)))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private static Key KeyOf(HttpContext http)
    {
        var headers = http.Request.Headers;
        return new Key(
            http.Connection.Id, http.Request.Scheme, http.Request.Host.Value ?? "",
            http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            headers.UserAgent.ToString(), headers.Authorization.ToString(),
            Intermediary.IsBefore(headers));
    }

    private sealed record Key(
        string Connection, string Scheme, string Authority, string Target, string UserAgent, string Authorization, bool IsIntermediary);
}
