using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace PushProxy;

/// <summary>Holds the policies in force. A change of the configuration replaces all of them at once.</summary>
internal sealed class PolicyTable : IDisposable
{
    private readonly IDisposable? _subscription;
    private volatile FrozenDictionary<string, DeliveryPolicy> _policies;

    public PolicyTable(IOptionsMonitor<PushProxyOptions> options)
    {
        _policies = Build(options.CurrentValue);
        _subscription = options.OnChange(changed => _policies = Build(changed));
    }

    /// <summary>Gets the policy with this name. Null, or a name that no longer exists, gives the default policy.</summary>
    public DeliveryPolicy Find(string? name)
    {
        var policies = _policies;
        return name is not null && policies.TryGetValue(name, out var policy) ? policy : policies[DeliveryPolicy.Default];
    }

    public bool Contains(string name) => _policies.ContainsKey(name);

    public void Dispose() => _subscription?.Dispose();

    private static FrozenDictionary<string, DeliveryPolicy> Build(PushProxyOptions options) =>
        options.Policies
            .Append(new(DeliveryPolicy.Default, options.Defaults))
            .Append(new(DeliveryPolicy.Off, options.Defaults with { Delivery = DeliveryMode.Off }))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
