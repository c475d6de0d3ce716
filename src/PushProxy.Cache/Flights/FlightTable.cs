using System.Collections.Concurrent;

namespace PushProxy.Cache.Flights;

/// <summary>The requests that are under way to the origin and may be shared, by key.</summary>
internal sealed class FlightTable
{
    private readonly ConcurrentDictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    /// <summary>The number of shared requests, those of which clients still read the answer included.</summary>
    public int Count => _flights.Count;

    /// <summary>The number of shared requests that the origin is still answering.</summary>
    public int Open => _flights.Values.Count(static f => !f.HasEnded);

    /// <summary>The number of requests that wait for those of others.</summary>
    public int Waiting => _flights.Values.Sum(static f => f.Waiting);

    /// <summary>Returns the flight to wait for, after <see cref="Flight.Wait"/>; or a new one that the caller carries out.</summary>
    /// <param name="key">The key of the URL, and of the fields that are known to choose its responses.</param>
    /// <param name="purges">What <see cref="Store.ResponseStore.Purges"/> is now.</param>
    /// <param name="isLeader">Whether the caller carries it out.</param>
    public Flight Join(string key, long purges, out bool isLeader)
    {
        while (true)
        {
            var own = new Flight(purges);
            var flight = _flights.GetOrAdd(key, own);
            isLeader = flight == own;
            if (isLeader)
            {
                return own;
            }

            flight.Wait();
            if (_flights.TryGetValue(key, out var now) && now == flight)
            {
                return flight;
            }

            // It ended just now. What it brought is stored, or was not for others.
            flight.Leave();
        }
    }

    /// <summary>Nobody joins any more.</summary>
    public void Remove(string key, Flight flight) => _flights.TryRemove(KeyValuePair.Create(key, flight));
}
