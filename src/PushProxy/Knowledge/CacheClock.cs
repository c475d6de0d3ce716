using Microsoft.Extensions.Internal;

namespace PushProxy.Knowledge;

/// <summary>Gives a memory cache the application's clock, so that tests control when its entries expire.</summary>
internal sealed class CacheClock(TimeProvider time) : ISystemClock
{
    public DateTimeOffset UtcNow => time.GetUtcNow();
}
