using Microsoft.Extensions.Logging.Console;

namespace PushProxy.Server.Hosting;

/// <summary>
/// The log on the console, whoever writes it: what clients ask for and what origins answer stands in it, and must not reach a terminal as
/// control characters (<see cref="Printable"/>). For filters it is the console.
/// </summary>
/// <param name="console">Writes the lines.</param>
[ProviderAlias("Console")]
internal sealed class PrintableLog(ConsoleLoggerProvider console) : ILoggerProvider, ISupportExternalScope
{
    /// <summary>Puts itself in the place of the console.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.Remove(services.Single(static s => s.ImplementationType == typeof(ConsoleLoggerProvider)));
        services.AddSingleton<ConsoleLoggerProvider>();
        services.AddSingleton<ILoggerProvider, PrintableLog>();
    }

    public ILogger CreateLogger(string categoryName) => new Logger(console.CreateLogger(categoryName));

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => console.SetScopeProvider(scopeProvider);

    // The services dispose the console.
    public void Dispose()
    {
    }

    private sealed class Logger(ILogger console) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => console.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => console.IsEnabled(logLevel);

        // The console would write the exception itself.
        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            console.Log(
                logLevel,
                eventId,
                state,
                null,
                (s, _) => Printable.Lines(exception is null ? formatter(s, null) : $"{formatter(s, exception)}\n{exception}"));
    }
}
