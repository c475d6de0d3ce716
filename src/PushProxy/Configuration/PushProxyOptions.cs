using Microsoft.Extensions.Configuration;

namespace PushProxy;

/// <summary>The part of the configuration section <c>PushProxy</c> that decides what is learned and delivered.</summary>
public sealed class PushProxyOptions
{
    /// <summary>The policy of every route that names none.</summary>
    public DeliveryPolicy Defaults { get; set; } = new();

    /// <summary>
    /// Further policies by name. A route picks one by its metadata <c>PushProxy.Policy</c>; <c>off</c> and <c>default</c> always exist.
    /// What a policy leaves out it takes from <see cref="Defaults"/>.
    /// </summary>
    public Dictionary<string, DeliveryPolicy> Policies { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The bounds of what is learned.</summary>
    public LearningOptions Learning { get; set; } = new();

    /// <summary>The bounds of what is remembered of a client's cache.</summary>
    public ClientCacheOptions ClientCache { get; set; } = new();

    /// <summary>
    /// Takes over what a configuration section says. Each of its <see cref="Policies"/> starts from its <see cref="Defaults"/>.
    /// </summary>
    /// <param name="section">The section <c>PushProxy</c>; keys that are no setting of this class are left to others.</param>
    /// <exception cref="InvalidOperationException">A value can't be converted; the message names it.</exception>
    public void Bind(IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        section.GetSection(nameof(Defaults)).Bind(Defaults);
        section.GetSection(nameof(Learning)).Bind(Learning);
        section.GetSection(nameof(ClientCache)).Bind(ClientCache);
        foreach (var child in section.GetSection(nameof(Policies)).GetChildren())
        {
            var policy = Defaults with { };
            child.Bind(policy);
            Policies[child.Key] = policy;
        }
    }

    /// <summary>Everything that is out of range, each with its configuration path.</summary>
    /// <param name="path">The path of the section these options are of.</param>
    /// <returns>Empty when nothing is wrong.</returns>
    internal IReadOnlyList<ConfigurationError> Validate(string path = "PushProxy") => PushProxyOptionsValidator.Validate(this, path);
}
