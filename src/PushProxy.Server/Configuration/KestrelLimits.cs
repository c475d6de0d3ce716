using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PushProxy.Server.Configuration;

/// <summary>Finds limits that are good one by one, and that Kestrel refuses together when it starts.</summary>
internal static class KestrelLimits
{
    /// <param name="section">The section <c>Kestrel</c>, whose values can all be read.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public static void Check(IConfigurationSection section, List<ConfigurationError> errors)
    {
        var options = new KestrelServerOptions();
        section.Bind(options);
        var limits = options.Limits;
        var parts = new[]
        {
            (nameof(limits.MaxRequestLineSize), limits.MaxRequestLineSize),
            (nameof(limits.MaxRequestHeadersTotalSize), limits.MaxRequestHeadersTotalSize),
        };
        foreach (var (name, size) in parts)
        {
            if (size > limits.MaxRequestBufferSize)
            {
                errors.Add(new($"{section.Path}:Limits:{name}",
                    $"is {size}, which must fit into MaxRequestBufferSize ({limits.MaxRequestBufferSize}); choose less, or raise that"));
            }
        }
    }
}
