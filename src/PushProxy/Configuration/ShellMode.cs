using System.ComponentModel;

namespace PushProxy;

/// <summary>
/// Selects whether pages begin before their origin answers. The values in a configuration are <c>off</c>, <c>shadow</c> and <c>on</c>.
/// </summary>
[TypeConverter(typeof(ShellModeConverter))]
public enum ShellMode
{
    /// <summary>Learns no shells and sends none.</summary>
    Off,

    /// <summary>Learns shells and sends none. Each answer is compared with the shell that would have been sent, and counted.</summary>
    Shadow,

    /// <summary>Sends a page's shell once it has been right often enough (<see cref="ShellOptions.After"/>).</summary>
    On,
}
