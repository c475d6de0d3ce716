using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Knowledge.Saved;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// Tells clients apart, to count how many different ones received a page that names a resource. It keeps only hashes, made with a key that
/// is secret. In doubt two requests belong to one client, so that too little is disclosed rather than too much.
/// </summary>
internal sealed class ClientIdentities
{
    /// <summary>
    /// The maximum number of cookies that the origin was seen to set and that are remembered. Those that no client sends any more are
    /// forgotten first.
    /// </summary>
    public const int MaxIssued = 65_536;

    /// <summary>The maximum number of renewed cookies remembered. When it is reached, counting starts anew.</summary>
    public const int MaxRenewals = 65_536;

    /// <summary>
    /// A value of at least this many characters may identify a client. A shorter one is a setting, unless its name says otherwise.
    /// </summary>
    private const int IdentifyingLength = 8;

    private static readonly string[] IdentifyingNames =
        ["sess", "sid", "token", "auth", "user", "uid", "login", "jwt", "account", "member"];

    private volatile Lazy<ulong> _key;
    private readonly MarkGroups _groups = new();
    private readonly Func<ulong, ulong> _group;
    private readonly RecentSet<ulong> _issued = new(MaxIssued);
    private readonly CommonMarks _common = new(MaxIssued);
    private readonly bool _trustCookies;

    /// <param name="options">Say which cookies count.</param>
    /// <param name="file">Keeps the key; null for one of this process alone.</param>
    public ClientIdentities(LearningOptions options, KnowledgeFile? file = null)
    {
        (_group, _trustCookies) = (_groups.Group, options.TrustCookies);
        _key = new(() => file?.ClientKey ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
    }

    /// <summary>Called when the origin was seen to set a cookie, with its hash.</summary>
    public event Action<ulong>? Issued;

    /// <summary>Called when two cookies turned out to belong to one client, with their hashes.</summary>
    public event Action<ulong, ulong>? Joined
    {
        add => _groups.Joined += value;
        remove => _groups.Joined -= value;
    }

    /// <summary>The key of all hashes.</summary>
    public ulong Key
    {
        get => _key.Value;
        private set => _key = new(value);
    }

    /// <summary>A number that changes when everything counted so far becomes invalid.</summary>
    public int Epoch => _groups.Epoch;

    /// <summary>Returns where a client is: the hashes of its network and of its address.</summary>
    /// <param name="address">The address that the connection comes from, or that an application in front of this has set.</param>
    public ClientAddress AddressOf(IPAddress? address) =>
        address is null ? default : new ClientAddress(Hash(AddressPrefix.NetworkOf(address)), Hash(AddressPrefix.HostOf(address)));

    /// <summary>
    /// Notes the cookies that the origin sets with any response. A client that sends one of them back is known to the site. Invented
    /// cookies are not, and a value that several newcomers were given identifies nobody.
    /// </summary>
    /// <param name="setCookie">The Set-Cookie fields of the origin's response.</param>
    /// <param name="newcomer">The connection, if its request has no cookies and no authorization; else null.</param>
    public void Issue(StringValues setCookie, ulong? newcomer = null)
    {
        if (newcomer is { } connection)
        {
            foreach (var (name, value) in NewPairs(setCookie).Take(ClientId.MaxMarks))
            {
                var mark = Mark(name, value);
                if (_common.Gave(mark, connection))
                {
                    _groups.Forget(mark);
                }
            }
        }

        foreach (var (name, value) in OfAClient(NewPairs(setCookie)))
        {
            if (Mark(name, value) is var mark && _issued.Add(mark))
            {
                Issued?.Invoke(mark);
            }
        }
    }

    /// <summary>Notes a cookie that the origin was seen to set by another instance.</summary>
    public void TakeIssued(ulong mark) => _issued.Add(mark);

    /// <summary>Notes two cookies that belong to one client, as another instance has seen.</summary>
    public void TakeJoin(ulong mark, ulong other) => _groups.Join(mark, other);

    /// <summary>Returns a client that another instance has seen.</summary>
    /// <param name="marks">What tells it from others.</param>
    /// <param name="address">Its address.</param>
    public ClientId Elsewhere(IEnumerable<ulong> marks, ulong address) => new([.. marks.Take(ClientId.MaxMarks)], Epoch)
    {
        Group = _group,
        Address = address,
        Proof = ClientProof.Shown,
    };

    /// <summary>Uses another key from now on, which all instances have. Nothing that was counted before can be compared any more.</summary>
    /// <returns>False if it is the key already.</returns>
    public bool UseKey(ulong key)
    {
        if (Key == key)
        {
            return false;
        }

        Key = key;
        _groups.Clear();
        return true;
    }

    /// <summary>Returns the client of a request. Without cookies and authorization the result has no marks and identifies nobody.</summary>
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

        return Client(marks, isAuthorized: request.Authorization.Count > 0);
    }

    /// <summary>
    /// Returns the client that a response's new cookies belong to: the client of the request, or a new one if the request has no mark. Call
    /// it for every response that sets cookies, page or not, because a session whose cookie changes with each response still belongs to one
    /// client.
    /// </summary>
    /// <param name="client">The client of the request.</param>
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
                // With each of them: one may turn out to be everybody's.
                foreach (var known in client.Marks)
                {
                    _groups.Join(mark, known);
                }
            }
        }

        // A newcomer has the origin's cookie from now on. Whoever sent cookies is judged by those.
        return new ClientId([.. marks.Take(ClientId.MaxMarks)], Epoch)
        {
            Group = _group,
            Address = client.Address,
            Proof = client.Marks.IsDefaultOrEmpty && marks.Count > 0 ? ClientProof.Shown : client.Proof,
        };
    }

    /// <summary>Returns the client of a connection, if neither request nor response has anything that tells it from others.</summary>
    public ClientId OfConnection(ulong connection) => new([connection], Epoch) { Proof = ClientProof.Shown };

    /// <summary>
    /// Returns whether a response's new cookies may identify one client. A language or consent setting that everybody receives does not.
    /// </summary>
    public bool Identifies(StringValues setCookie) =>
        NewPairs(setCookie).Exists(p => IsIdentifying(p.Name, p.Value) && !_common.Contains(Mark(p.Name, p.Value)));

    // If no cookie looks like a client's own, any of them may be, but not one that several newcomers were given.
    private List<(string Name, string Value)> OfAClient(List<(string Name, string Value)> pairs)
    {
        var own = _common.IsEmpty ? pairs : pairs.FindAll(p => !_common.Contains(Mark(p.Name, p.Value)));
        var identifying = own.FindAll(static p => IsIdentifying(p.Name, p.Value));
        return [.. (identifying.Count > 0 ? identifying : own).Take(ClientId.MaxMarks)];
    }

    private ClientId Client(SortedSet<ulong> marks, bool isAuthorized) => new([.. marks.Take(ClientId.MaxMarks)], Epoch)
    {
        Group = _group,
        Proof = _trustCookies || marks.Any(_issued.Contains) ? ClientProof.Shown
            : isAuthorized ? ClientProof.IfAnswerDiffers : ClientProof.None,
    };

    private ulong Hash(AddressPrefix prefix)
    {
        Span<byte> bytes = [prefix.Version, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt64BigEndian(bytes[1..], prefix.Bits);

        // 0 means that an address is not known.
        return XxHash3.HashToUInt64(bytes, unchecked((long)Key)) is > 0 and var hash ? hash : 1;
    }

    private ulong Mark(string name, string? value) =>
        XxHash3.HashToUInt64(MemoryMarshal.AsBytes($"{name}\n{value}".AsSpan()), unchecked((long)Key));

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
