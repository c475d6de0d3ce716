using Microsoft.Extensions.Configuration;
using PushProxy.Cache;

namespace PushProxy;

/// <summary>
/// Decides what PushProxy learns and delivers. It holds the settings of the configuration section <c>PushProxy</c> that concern pages.
/// </summary>
public sealed class PushProxyOptions
{
    /// <summary>The policy of every route that does not name another one.</summary>
    public DeliveryPolicy Defaults { get; set; } = new();

    /// <summary>
    /// Further policies by name. A route selects one with the metadata <c>PushProxy.Policy</c>. A policy takes the settings that it leaves
    /// out from <see cref="Defaults"/>. The names <c>off</c> and <c>default</c> are built in: they always exist, and using them here is an
    /// error. Case makes no difference.
    /// </summary>
    public Dictionary<string, DeliveryPolicy> Policies { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Limits what is learned from traffic.</summary>
    public LearningOptions Learning { get; set; } = new();

    /// <summary>Limits what is remembered of each client's cache.</summary>
    public ClientCacheOptions ClientCache { get; set; } = new();

    /// <summary>Limits what the proxy keeps of the origin's responses. The values are read only at start.</summary>
    public HttpCacheOptions Cache { get; set; } = new();

    /// <summary>Limits what pages begin with before their origin answers. The values are read only at start.</summary>
    public ShellOptions Shell { get; set; } = new();

    /// <summary>
    /// The folder for the file that keeps what was learned (<see cref="LearningOptions.Persist"/>). Only one process can use it. Null, the
    /// default: nothing is kept. Read only at start.
    /// </summary>
    public string? DataDirectory { get; set; }

    /// <summary>
    /// Reads the settings from a configuration section. Each of the <see cref="Policies"/> starts as a copy of <see cref="Defaults"/>.
    /// </summary>
    /// <param name="section">The section <c>PushProxy</c>. Keys that are not settings of this class are ignored.</param>
    /// <exception cref="InvalidOperationException">
    /// A value cannot be converted to the type of its setting. The message names the value.
    /// </exception>
    public void Bind(IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        section.GetSection(nameof(Defaults)).Bind(Defaults);
        section.GetSection(nameof(Learning)).Bind(Learning);
        DataDirectory = section[nameof(DataDirectory)] is { Length: > 0 } folder ? folder : DataDirectory;
        section.GetSection(nameof(ClientCache)).Bind(ClientCache);
        section.GetSection(nameof(Cache)).Bind(Cache);
        section.GetSection(nameof(Shell)).Bind(Shell);
        foreach (var child in section.GetSection(nameof(Policies)).GetChildren())
        {
            var policy = Defaults with { };
            child.Bind(policy);
            Policies[child.Key] = policy;
        }
    }

    /// <summary>Finds every value that is out of range and every policy name that is built in.</summary>
    /// <param name="path">The configuration path of the section that the options come from.</param>
    /// <returns>One error for each value, with its configuration path. The list is empty if all values are valid.</returns>
    internal IReadOnlyList<ConfigurationError> Validate(string path = "PushProxy") => PushProxyOptionsValidator.Validate(this, path);
}
