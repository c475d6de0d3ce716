using System.Collections.Concurrent;
using System.Text;
using PushProxy.Testing;

namespace PushProxy.Redis.Tests.Support;

/// <summary>Notes what an instance is told, and whether it is told two things at once.</summary>
internal sealed class Receiver : ISharedRecordReceiver
{
    private readonly ConcurrentQueue<SharedRecord> _records = new();
    private readonly ConcurrentQueue<bool> _caughtUp = new();
    private int _inside;

    /// <summary>What came, in order.</summary>
    public IReadOnlyList<SharedRecord> Records => [.. _records];

    /// <summary>For each time that all was received, whether the place was new.</summary>
    public IReadOnlyList<bool> CaughtUps => [.. _caughtUp];

    /// <summary>Whether two calls were made at the same time.</summary>
    public bool WasCalledTwiceAtOnce { get; private set; }

    /// <summary>Is called for each record.</summary>
    public Action<SharedRecord>? OnRecord { get; set; }

    public void Receive(SharedRecord record) => Alone(() =>
    {
        _records.Enqueue(record);
        OnRecord?.Invoke(record);
    });

    public void CaughtUp(bool isNew) => Alone(() => _caughtUp.Enqueue(isNew));

    /// <summary>The values of a key that came, in order.</summary>
    public IReadOnlyList<string> Values(string key) => [.. _records.Where(r => r.Key == key).Select(Text)];

    /// <summary>Waits until the newest value of a key is this one.</summary>
    public Task HasAsync(string key, string value) => Eventually.TrueAsync(
        () => Values(key) is [.., var newest] && newest == value,
        () => $"Waited for {key}={value}; came: {string.Join(", ", Records.TakeLast(20).Select(static r => $"{r.Key}={Text(r)}"))}.");

    public static string Text(SharedRecord record) => Encoding.Latin1.GetString(record.Value.Span);

    private void Alone(Action action)
    {
        WasCalledTwiceAtOnce |= Interlocked.Increment(ref _inside) != 1;
        action();
        Interlocked.Decrement(ref _inside);
    }
}
