using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PushProxy;

/// <summary>
/// The policies in force, swapped whole when the configuration changes. A change that does not validate is logged
/// and the old policies stay.
/// </summary>
internal sealed partial class PolicyTable : IDisposable
{
    private readonly ILogger<PolicyTable> _logger;
    private readonly IDisposable? _subscription;
    private volatile FrozenDictionary<string, DeliveryPolicy> _policies;

    public PolicyTable(IOptionsMonitor<PushProxyOptions> options, ILogger<PolicyTable> logger)
    {
        _logger = logger;
        var current = options.CurrentValue;
        var errors = current.Validate();
        if (errors.Count > 0)
        {
            throw new OptionsValidationException(nameof(PushProxyOptions), typeof(PushProxyOptions), errors.Select(e => e.ToString()));
        }

        _policies = Build(current);
        _subscription = options.OnChange(Change);
    }

    /// <summary>The policy a route names, or the default one for null; a name that has gone means the default, too.</summary>
    public DeliveryPolicy Find(string? name)
    {
        var policies = _policies;
        return name is not null && policies.TryGetValue(name, out var policy) ? policy : policies[DeliveryPolicy.Default];
    }

    public bool Contains(string name) => _policies.ContainsKey(name);

    public void Dispose() => _subscription?.Dispose();

    private void Change(PushProxyOptions options)
    {
        var errors = options.Validate();
        if (errors.Count > 0)
        {
            LogRejected(string.Join("; ", errors));
            return;
        }

        _policies = Build(options);
    }

    private static FrozenDictionary<string, DeliveryPolicy> Build(PushProxyOptions options) =>
        options.Policies
            .Append(new(DeliveryPolicy.Default, options.Defaults))
            .Append(new(DeliveryPolicy.Off, options.Defaults with { Delivery = DeliveryMode.Off }))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    [LoggerMessage(1, LogLevel.Error, "The changed PushProxy configuration is not used, the old one stays: {Errors}")]
    private partial void LogRejected(string errors);
}
