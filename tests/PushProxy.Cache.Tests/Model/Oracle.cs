using System.Globalization;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace PushProxy.Cache.Tests.Model;

/// <summary>
/// What a client may get at most, by RFC 9111 and the documentation of <see cref="HttpCacheOptions"/>. It is no second cache: it knows what
/// the origin has made and said, and judges each answer when all is over.
/// </summary>
internal sealed class Oracle(Origin origin, HttpCacheOptions options, IReadOnlyCollection<(string? Url, long Began, long Ended)> purges)
{
    /// <summary>Returns what is wrong with an answer; null if nothing is.</summary>
    public string? Judge(Client client)
    {
        var (request, headers) = (client.Request, client.Headers);
        if (!client.HasStarted && client.IsBroken)
        {
            return null;
        }

        if (headers.SetCookie.Count > 0 && headers.SetCookie.ToString() != $"id={request.Number}")
        {
            return $"gets a cookie of another: {headers.SetCookie}";
        }

        if (headers["X-Secret"].Count > 0 && headers["X-Secret"].ToString() != $"yes{request.Number}")
        {
            return $"gets a field of another: {headers["X-Secret"]}";
        }

        if (headers["X-Mine"].Count > 0 && headers["X-Mine"].ToString() != request.Number.ToString(CultureInfo.InvariantCulture))
        {
            return $"gets what was added for another: {headers["X-Mine"]}";
        }

        if (!headers.ContainsKey(Origin.SerialField) && client.StatusCode != 304)
        {
            return (client.Received.IsEmpty || client.IsBroken) && IsWithoutBody(client) ? null : "gets an answer that nobody has made";
        }

        var made = Find(client);
        return made is not null ? JudgeBody(client, made) ?? JudgeUse(client, made)
            : client.StatusCode == 304 ? null : "gets what was never made";
    }

    private static bool IsWithoutBody(Client client) => client.StatusCode switch
    {
        // What the origin answers to another is no answer for this one.
        200 or 502 => client.Headers["X-Answers"].ToString() == client.Request.Number.ToString(CultureInfo.InvariantCulture),
        504 => client.Request.CacheControl == "only-if-cached",
        500 => true,
        _ => false,
    };

    private Produced? Find(Client client)
    {
        var (serial, tag, date) = (client.Headers[Origin.SerialField].ToString(), client.Headers.ETag.ToString(),
            client.Headers.LastModified.ToString());
        return serial.Length > 0 ? origin.Bodies.GetValueOrDefault(int.Parse(serial, CultureInfo.InvariantCulture))
            : origin.Bodies.Values.FirstOrDefault(b => tag.Length > 0 ? b.Tag == tag : b.LastModified == date);
    }

    private static string? JudgeBody(Client client, Produced made)
    {
        var (request, body) = (client.Request, made.Body);
        var received = client.Received;
        var tag = client.Headers.ETag.ToString();
        if (made.Url != request.Url || tag != (made.Policy.HasETag ? made.Tag : ""))
        {
            return $"gets {made.Url} with tag {tag}";
        }

        if (client.StatusCode == 304)
        {
            var isNamed = request.IfNoneMatch is { } names ? names == "*" || names.Contains($"\"s{made.Serial}\"", StringComparison.Ordinal)
                : request.IfModifiedSince is not null;
            return !isNamed ? "is told that it has what it has not named" : received.IsEmpty ? null : "gets a 304 with a body";
        }

        if (client.StatusCode == 416)
        {
            return request.Range is not null && received.IsEmpty ? null : "gets a 416";
        }

        var wanted = body.AsSpan();
        if (client.StatusCode == 206 && made.Policy.Status != 206)
        {
            if (request.Range is null || (request.IfRange is { } same && same != made.Tag)
                || !ContentRangeHeaderValue.TryParse(client.Headers.ContentRange.ToString(), out var range) || range.Length != body.Length)
            {
                return $"gets a range {client.Headers.ContentRange}";
            }

            wanted = body.AsSpan((int)range.From!, (int)(range.To! - range.From! + 1));
        }
        else if (client.StatusCode != made.Policy.Status)
        {
            return $"gets status {client.StatusCode} instead of {made.Policy.Status}";
        }

        if (client.IsBroken)
        {
            return !wanted.StartsWith(received) ? "gets a mixed body before it breaks off"
                : client.HasLeft || (!made.IsWhole && made.Ended > request.Began) ? null : "is broken off without a reason";
        }

        if (request.Method == "HEAD")
        {
            return received.IsEmpty && (client.Headers.ContentLength ?? body.Length) == body.Length ? null : "gets a body to HEAD";
        }

        return !made.IsWhole ? "gets a broken body for whole"
            : wanted.SequenceEqual(received) ? null : $"gets {received.Length} bytes of another body instead of {wanted.Length}: "
                + Encoding.Latin1.GetString(received[..Math.Min(40, received.Length)]);
    }

    private string? JudgeUse(Client client, Produced made)
    {
        var request = client.Request;
        if (made.By == request || (client.StatusCode == 304 && made.Grants.Any(g => g.By == request)))
        {
            // The origin has said so to this client itself.
            return null;
        }

        var (policy, by) = (made.Policy, made.By);
        if (!policy.IsShared || by.Method != "GET" || by.SaysNoStore)
        {
            return "gets what was made for one alone";
        }

        if ((by.Cookie is not null && !policy.IsForAll && !(policy.IsImmutable && !made.IsDocument && by.Destination != "document"))
            || (by.Authorization is not null && !policy.IsForAll && !policy.MustRevalidate))
        {
            return "gets what was made for the credentials of another";
        }

        if (policy.Varies && request.MeantVariant != by.MeantVariant)
        {
            return "gets another variant";
        }

        var reasons = made.Grants.Select(g => JudgeGrant(client, made, g)).ToList();
        return reasons.Contains(null) ? null : string.Join(", or ", reasons);
    }

    private string? JudgeGrant(Client client, Produced made, Grant grant)
    {
        var (request, policy) = (client.Request, grant.Policy);
        if (grant.By == request)
        {
            // The origin has said so just now, to this client.
            return null;
        }

        if (policy.TakesBack)
        {
            return "was told to another alone";
        }

        if (policy.Varies && request.MeantVariant != grant.By.MeantVariant)
        {
            return "was said about another variant";
        }

        if (!policy.IsForAll
            && ((request.Cookie is not null && (made.IsDocument || request.Destination == "document"))
                || (request.Authorization is not null && !policy.MustRevalidate)))
        {
            return "has credentials, and gets what is not for everybody";
        }

        if (purges.Any(p => (p.Url is null || p.Url == request.Url) && p.Began > grant.Began && p.Ended < request.Began))
        {
            return "gets what was removed before";
        }

        // What answers a client's own condition may pass the cache by. Of two answers that are under way at once, either may come first.
        if (made.Grants.Any(g => g.Policy.TakesBack && !g.By.IsConditional && g.HeadCame > grant.Known && g.Known < request.Began))
        {
            return "gets what the origin has taken back";
        }

        // The head came after this request: one answer for both (RFC 9111 §4).
        return grant.Known > request.Began ? null : JudgeAge(client, made, grant);
    }

    private string? JudgeAge(Client client, Produced made, Grant grant)
    {
        var (request, policy) = (client.Request, grant.Policy);
        var lifetime = !policy.IsGuess ? policy.Lifetime : made.IsDocument ? 0 : options.MaxHeuristicLifetime.TotalSeconds;
        var age = (client.Began!.Value - grant.At).TotalSeconds;
        var onError = lifetime + (policy.StaleOnError ?? options.MaxStaleOnError.TotalSeconds);
        if (origin.Failures.Any(f => f.Url == request.Url && f.At > request.Began && (f.Time - grant.At).TotalSeconds < onError))
        {
            // It was decided on when the origin failed. Code behind the cache may take its time to end.
            return null;
        }

        if (request.Reloads && client.Began.Value - grant.HeadCameAt >= options.ReloadPause)
        {
            return "reloads, and gets what is old";
        }

        return age < lifetime + policy.StaleWhileRevalidate ? null
            : $"gets what is {age} s old, of {lifetime} s and {policy.StaleWhileRevalidate} s";
    }
}
