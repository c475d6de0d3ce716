using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PushProxy;

/// <summary>
/// Creates the options from what the application configures. At start, invalid options are an error. If the configuration changes later and
/// is invalid, the errors are logged and the last valid options stay in force, because a typing error must not stop a running proxy.
/// </summary>
internal sealed partial class LastValidOptions(
    IEnumerable<IConfigureOptions<PushProxyOptions>> setups,
    IEnumerable<IPostConfigureOptions<PushProxyOptions>> postConfigures,
    IEnumerable<IValidateOptions<PushProxyOptions>> validations,
    ILogger<LastValidOptions> logger) : IOptionsFactory<PushProxyOptions>
{
    private readonly OptionsFactory<PushProxyOptions> _factory = new(setups, postConfigures, validations);
    private volatile PushProxyOptions? _last;

    public PushProxyOptions Create(string name)
    {
        try
        {
            var options = _factory.Create(name);
            _last = options;
            return options;
        }
        catch (Exception e) when (e is OptionsValidationException or InvalidOperationException && _last is { } last)
        {
            LogRejected(e is OptionsValidationException invalid ? string.Join("; ", invalid.Failures) : e.Message);
            return last;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The changed PushProxy configuration is not used, the old one stays: {Errors}")]
    private partial void LogRejected(string errors);
}
