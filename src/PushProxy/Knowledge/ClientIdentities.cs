using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// Tells clients apart, to count how many different ones were sent a page that names a resource. Nothing but hashes with a key of
/// this process's is kept. When in doubt two requests are of one client: then less is told to others, never more.
/// </summary>
internal sealed class ClientIdentities
{
    /// <summary>Renewed cookies remembered; when there are more, counting starts anew.</summary>
    public const int MaxRenewals = 65_536;

    /// <summary>A value this long could be a client's own; shorter ones are settings, unless their name says otherwise.</summary>
    private const int IdentifyingLength = 8;

    private static readonly string[] IdentifyingNames =
        ["sess", "sid", "token", "auth", "user", "uid", "login", "jwt", "account", "member"];

    private readonly long _key = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));
    private readonly MarkGroups _groups = new();
    private readonly Func<ulong, ulong> _group;

    public ClientIdentities() => _group = _groups.Group;

    /// <summary>Changes when everything that was counted so far no longer counts.</summary>
    public int Epoch => _groups.Epoch;

    /// <summary>Who asks. Without a mark (no cookies, no authorization) nothing can be said.</summary>
    public ClientId Of(IHeaderDictionary request)
    {
        var marks = new SortedSet<ulong>();
        foreach (var line in request.Authorization)
        {
            marks.Add(Mark("authorization", line));
        }

        foreach (var (name, value) in OfAClient(Pairs(request.Cookie)))
        {
            marks.Add(Mark(name, value));
        }

        return Client(marks);
    }

    /// <summary>
    /// Who a response's new cookies belong to: the client that asked, or one that has no other mark yet. To be told of every response
    /// that sets cookies, page or not: a session whose cookie changes with each of them is still one client's.
    /// </summary>
    /// <param name="client">Who asked.</param>
    /// <param name="setCookie">The response's Set-Cookie fields.</param>
    public ClientId Renew(ClientId client, StringValues setCookie)
    {
        if (setCookie.Count == 0)
        {
            return client;
        }

        var marks = new SortedSet<ulong>(client.Marks.IsDefault ? [] : client.Marks);
        foreach (var (name, value) in OfAClient(NewPairs(setCookie)))
        {
            var mark = Mark(name, value);
            if (client.Marks.IsDefaultOrEmpty)
            {
                marks.Add(mark);
            }
            else
            {
                _groups.Join(mark, client.Marks[0]);
            }
        }

        return Client(marks);
    }

    /// <summary>Whether a response's new cookies could be one client's own; a language or a consent everybody is sent is not.</summary>
    public static bool Identifies(StringValues setCookie) =>
        NewPairs(setCookie).Exists(static p => IsIdentifying(p.Name, p.Value));

    // Where nothing looks like a client's own, anything might be.
    private static List<(string Name, string Value)> OfAClient(List<(string Name, string Value)> pairs)
    {
        var identifying = pairs.FindAll(static p => IsIdentifying(p.Name, p.Value));
        return [.. (identifying.Count > 0 ? identifying : pairs).Take(ClientId.MaxMarks)];
    }

    private ClientId Client(SortedSet<ulong> marks) => new([.. marks.Take(ClientId.MaxMarks)], Epoch) { Group = _group };

    private ulong Mark(string name, string? value) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes($"{name}\n{value}".AsSpan()), _key);

    private static List<(string Name, string Value)> NewPairs(StringValues setCookie)
    {
        var pairs = new List<(string, string)>();
        foreach (var line in setCookie)
        {
            var pair = (line ?? "").Split(';')[0];
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && equals < pair.Length - 1)
            {
                pairs.Add((pair[..equals].Trim(), pair[(equals + 1)..].Trim()));
            }
        }

        return pairs;
    }

    private static List<(string Name, string Value)> Pairs(StringValues cookie)
    {
        var pairs = new List<(string, string)>();
        const StringSplitOptions Parts = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        foreach (var pair in cookie.SelectMany(static line => (line ?? "").Split(';', Parts)))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            pairs.Add(equals < 0 ? (pair, "") : (pair[..equals], pair[(equals + 1)..]));
        }

        return pairs;
    }

    private static bool IsIdentifying(string name, string value) =>
        value.Length >= IdentifyingLength || Array.Exists(IdentifyingNames, n => name.Contains(n, StringComparison.OrdinalIgnoreCase));
}
