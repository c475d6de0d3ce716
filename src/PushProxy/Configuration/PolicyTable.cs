using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace PushProxy;

/// <summary>Holds the policies in force. A change of the configuration replaces all of them at once.</summary>
internal sealed class PolicyTable : IDisposable
{
    private readonly IDisposable? _subscription;
    private volatile FrozenDictionary<string, DeliveryPolicy> _policies;

    public PolicyTable(IOptionsMonitor<PushProxyOptions> options)
    {
        Use(options.CurrentValue);
        _subscription = options.OnChange(Use);
    }

    /// <summary>Gets the policy with this name. Null, or a name that no longer exists, gives the default policy.</summary>
    public DeliveryPolicy Find(string? name)
    {
        var policies = _policies;
        return name is not null && policies.TryGetValue(name, out var policy) ? policy : policies[DeliveryPolicy.Default];
    }

    /// <summary>Whether any policy sends shells, or has.</summary>
    public bool SendsShells { get; private set; }

    /// <summary>Whether any policy has a beacon.</summary>
    public bool HasBeacons { get; private set; }

    public bool Contains(string name) => _policies.ContainsKey(name);

    public void Dispose() => _subscription?.Dispose();

    [MemberNotNull(nameof(_policies))]
    private void Use(PushProxyOptions options)
    {
        _policies = Build(options);
        // A shell may be under way.
        SendsShells |= _policies.Values.Any(static p => p.Shell == ShellMode.On);
        HasBeacons = _policies.Values.Any(static p => p.TagsPages);
    }

    private static FrozenDictionary<string, DeliveryPolicy> Build(PushProxyOptions options) =>
        options.Policies
            .Append(new(DeliveryPolicy.Default, options.Defaults))
            .Append(new(DeliveryPolicy.Off, options.Defaults with { Delivery = DeliveryMode.Off, Shell = ShellMode.Off }))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
