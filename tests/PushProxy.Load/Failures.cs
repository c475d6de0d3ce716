namespace PushProxy.Load;

/// <summary>What goes wrong, as people want to read it.</summary>
internal static class Failures
{
    /// <summary>Runs <paramref name="action"/>; says on standard error why it could not be done, without a stack.</summary>
    /// <returns>The exit code: 1 when it could not be done.</returns>
    public static async Task<int> ReportAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Ended before it was done.");
            return 1;
        }
    }
}
