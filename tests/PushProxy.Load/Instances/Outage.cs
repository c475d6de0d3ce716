using PushProxy.Testing.Stores;

namespace PushProxy.Load.Instances;

/// <summary>A way to lose Redis, and to get it back.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="LoseAsync">Takes it away.</param>
/// <param name="BackAsync">Gives it back.</param>
/// <param name="IsSilent">Whether nothing comes through it until it is back.</param>
internal sealed record Outage(string Name, Func<Task> LoseAsync, Func<Task> BackAsync, bool IsSilent = true)
{
    private static readonly Func<Task> Nothing = static () => Task.CompletedTask;

    /// <summary>All of them. The first and the last are none, and show what the machine does by itself.</summary>
    public static IReadOnlyList<Outage> All(RedisProcess redis, SeparateNetwork network) =>
    [
        new("none", Nothing, Nothing, IsSilent: false),
        new("flushed", () => redis.SayAsync("flushall"), Nothing, IsSilent: false),
        new("halted", () => Done(redis.Halt), () => Done(redis.GoOn)),
        new("killed, started again", redis.KillAsync, redis.StartAgainAsync),
        new("cut off", network.CutAsync, network.JoinAsync),
        new("none, again", Nothing, Nothing, IsSilent: false),
    ];

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
