namespace PushProxy.Testing;

/// <summary>Waits for what happens beside the request path, and says what did not.</summary>
public static class Eventually
{
    /// <summary>Asks again and again until the answer is yes.</summary>
    /// <exception cref="TimeoutException">It never was; the message is made by <paramref name="otherwise"/>.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> otherwise, TimeSpan? patience = null)
    {
        var limit = DateTimeOffset.UtcNow + (patience ?? TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            if (DateTimeOffset.UtcNow > limit)
            {
                throw new TimeoutException(otherwise());
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Asks again and again until the answer is yes, or patience ends.</summary>
    /// <returns>Whether it ever was.</returns>
    public static async Task<bool> IsTrueAsync(Func<bool> condition, TimeSpan patience)
    {
        for (var limit = DateTimeOffset.UtcNow + patience; !condition(); await Task.Delay(20))
        {
            if (DateTimeOffset.UtcNow > limit)
            {
                return false;
            }
        }

        return true;
    }
}
