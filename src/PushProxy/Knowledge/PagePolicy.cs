using Microsoft.Extensions.Primitives;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// The Content-Security-Policy of a learned page, and who was sent it. A policy may hold something of one visitor's own, such as a session
/// identifier in a <c>report-uri</c>. So it decides at once what may be delivered, but a 103 tells it only after enough connections
/// were sent the same. Safe for use by several requests at once.
/// </summary>
/// <param name="first">The policy of the response that the page was learned from; null if it had none.</param>
internal sealed class PagePolicy(ContentSecurityPolicy? first)
{
    private readonly Lock _lock = new();
    private volatile ContentSecurityPolicy? _now = first;
    private NameWitnesses? _witnesses;
    private (UInt128 Policy, NameWitnesses Witnesses)? _contrary;
    private Func<UInt128, NameWitnesses>? _witnessesOf;
    private int _enough;

    /// <summary>The policy; null if the page has none.</summary>
    public ContentSecurityPolicy? Now => _now;

    /// <summary>Who was sent the policy; null if that is not counted.</summary>
    public NameWitnesses? Witnesses => Volatile.Read(ref _witnesses);

    /// <summary>Counts from now on who is sent the policy. Called once, before the page is used.</summary>
    /// <param name="enough">How many connections make it everybody's (<see cref="LearningOptions.NamedBy"/>).</param>
    /// <param name="witnesses">Returns who was sent a policy (<see cref="NameKey"/>) so far.</param>
    /// <param name="connection">The connection that was sent it now.</param>
    public void Count(int enough, Func<UInt128, NameWitnesses> witnesses, ulong connection)
    {
        (_enough, _witnessesOf) = (enough, witnesses);
        var names = witnesses(NameKey.Of(_now));
        names.Add(connection);
        Replace(_now, names);
    }

    /// <summary>Takes over the policies that several clients' pages have.</summary>
    public void Share(ContentSecurityPolicy? policy)
    {
        if (!ContentSecurityPolicy.AreSame(_now, policy) || _now?.MayBeTold != policy?.MayBeTold)
        {
            _now = policy;
        }
    }

    /// <summary>
    /// Notes the policy of a response. A different nonce changes nothing. Another policy replaces one that was told only once enough
    /// connections were sent it one after another: a request field that one client sends may be the reason for it.
    /// </summary>
    /// <param name="header">The response's fields.</param>
    /// <param name="meta">The policies in the page.</param>
    /// <param name="connection">The connection that was sent them.</param>
    /// <param name="isTold">True if clients may now be told of a policy that they were not told of before.</param>
    /// <returns>Whether the policy is now the response's.</returns>
    public bool Update(StringValues header, IReadOnlyList<string> meta, ulong connection, out bool isTold)
    {
        isTold = false;
        var now = _now;
        var isSame = IsSame(now, header);
        if (isSame && now is not { MayBeTold: false } && _contrary is null)
        {
            return true;
        }

        lock (_lock)
        {
            if (isSame)
            {
                _contrary = null;
                if (now is not { MayBeTold: false })
                {
                    return true;
                }
            }

            var stated = isSame ? now : ContentSecurityPolicy.Of(header, meta);
            if (_witnessesOf is null)
            {
                _now = stated;
                return true;
            }

            var names = _witnessesOf(NameKey.Of(stated));
            names.Add(connection);
            if (!isSame && _now is not { MayBeTold: false } && !IsContrary(NameKey.Of(stated), connection))
            {
                return false;
            }

            _contrary = null;
            isTold = names.IsTold;
            Replace(stated, names);
            return true;
        }
    }

    /// <summary>Returns whether a response's fields state the policy, apart from nonces.</summary>
    public bool Is(StringValues header) => IsSame(_now, header);

    private static bool IsSame(ContentSecurityPolicy? policy, StringValues header) =>
        header.Count == 0 ? policy is not { HeaderPolicies.Count: > 0 } : policy?.SaysTheSameAs(header) == true;

    private bool IsContrary(UInt128 policy, ulong connection)
    {
        if (_contrary is not { } contrary || contrary.Policy != policy)
        {
            _contrary = contrary = (policy, new NameWitnesses(_enough));
        }

        contrary.Witnesses.Add(connection);
        return contrary.Witnesses.IsTold;
    }

    private void Replace(ContentSecurityPolicy? policy, NameWitnesses names)
    {
        _witnesses = names;
        _now = policy is { HeaderPolicies.Count: > 0 } ? policy.With(mayBeTold: names.IsTold) : policy;
    }
}
