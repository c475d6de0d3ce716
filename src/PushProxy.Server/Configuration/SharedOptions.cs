using PushProxy.Redis;

namespace PushProxy.Server.Configuration;

/// <summary>How several instances of the program know as one.</summary>
internal sealed record SharedOptions
{
    /// <summary>
    /// The Redis, Valkey or Garnet by which they tell each other what they learn, as StackExchange.Redis is told it:
    /// <c>host:port,password=…,ssl=true</c>. Null: the instance is alone.
    /// </summary>
    public string? Redis { get; init; }

    /// <summary>What the names of all keys begin with there. Default <c>pushproxy:</c>.</summary>
    public string Prefix { get; init; } = new SharedRedisOptions().Prefix;

    public static SharedOptions From(IConfiguration section) => new()
    {
        Redis = ServerOptions.Text(section, nameof(Redis)),
        Prefix = ServerOptions.Text(section, nameof(Prefix)) ?? new SharedRedisOptions().Prefix,
    };

    /// <summary>Everything wrong with the options. A connection string has passwords, so it is not repeated.</summary>
    /// <param name="path">The path of the section.</param>
    public IEnumerable<ConfigurationError> Errors(string path)
    {
        if (Redis is not null && SharedRedisOptions.ProblemWith(Redis) is { } problem)
        {
            yield return new($"{path}:{nameof(Redis)}", problem);
        }

        if (!SharedRedisOptions.IsPrefix(Prefix))
        {
            yield return new(
                $"{path}:{nameof(Prefix)}", $"'{Prefix}' must be 1 to 128 printable characters without spaces, such as pushproxy:");
        }
    }
}
