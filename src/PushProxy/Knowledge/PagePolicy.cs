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
    private int _enough;

    /// <summary>The policy; null if the page has none.</summary>
    public ContentSecurityPolicy? Now => _now;

    /// <summary>Who was sent the policy; null if that is not counted.</summary>
    public NameWitnesses? Witnesses => Volatile.Read(ref _witnesses);

    /// <summary>Counts from now on who is sent the policy. Called once, before the page is used.</summary>
    /// <param name="enough">How many connections make it everybody's (<see cref="LearningOptions.NamedBy"/>).</param>
    /// <param name="witnesses">Returns who was sent it so far.</param>
    /// <param name="connection">The connection that was sent it now.</param>
    public void Count(int enough, Func<UInt128, NameWitnesses> witnesses, ulong connection)
    {
        _enough = enough;
        if (_now is { HeaderPolicies.Count: > 0 } policy)
        {
            _witnesses = witnesses(NameKey.Of(policy));
            Tell(policy, connection);
        }
    }

    /// <summary>Takes over the policies that several clients' pages have.</summary>
    public void Share(ContentSecurityPolicy? policy)
    {
        if (!ContentSecurityPolicy.AreSame(_now, policy) || _now?.MayBeTold != policy?.MayBeTold)
        {
            _now = policy;
        }
    }

    /// <summary>Takes over the policy of the newest response. A different nonce changes nothing.</summary>
    /// <param name="header">The response's fields.</param>
    /// <param name="meta">The policies in the page.</param>
    /// <param name="connection">The connection that was sent them.</param>
    /// <returns>True if clients may now be told of it.</returns>
    public bool Update(StringValues header, IReadOnlyList<string> meta, ulong connection)
    {
        var now = _now;
        var isSame = header.Count == 0 ? now is not { HeaderPolicies.Count: > 0 } : now?.SaysTheSameAs(header) == true;
        if (isSame && now is not { MayBeTold: false })
        {
            return false;
        }

        lock (_lock)
        {
            if (!isSame || now != _now)
            {
                now = ContentSecurityPolicy.Of(header, meta);
                if (_enough == 0 || now is not { HeaderPolicies.Count: > 0 })
                {
                    (_now, _witnesses) = (now, null);
                    return false;
                }

                _witnesses = new NameWitnesses(_enough);
            }

            return _witnesses is not null && Tell(now!, connection);
        }
    }

    private bool Tell(ContentSecurityPolicy policy, ulong connection)
    {
        _witnesses!.Add(connection);
        _now = policy.With(mayBeTold: _witnesses.IsTold);
        return _witnesses.IsTold;
    }
}
