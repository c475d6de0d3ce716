using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PushProxy;

/// <summary>
/// Makes the options from what the application configures. At start, options that do not validate are an error. Later, when the
/// configuration changes, they are logged, and the last valid ones stay in force: a running proxy does not stop for a typing error.
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
