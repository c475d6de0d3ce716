using PushProxy.Load.Soak.Origin;
using PushProxy.Load.Soak.Wire;

namespace PushProxy.Load.Soak.Faults;

/// <summary>Clients that are gone while a page and its pushes are on their way to them: without a word (RST), or with FIN alone.</summary>
internal static class VanishingClients
{
    private const int Clients = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // When a client goes: once it is promised something, once pushed content comes, once it has asked, and amid the page.
    private enum Moment
    {
        Promise,
        Pushed,
        Asked,
        Page,
    }

    /// <param name="url">Of the proxy.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static async Task<string> RunAsync(Uri url, CancellationToken cancellation)
    {
        var reached = await Task.WhenAll(
            Enumerable.Range(0, Clients).Select(i => VanishAsync(url, i, (Moment)(i % 4), reset: i % 8 < 4, cancellation)));
        return $"{Clients} clients, {reached.Count(static r => r)} at the moment they chose, {Clients / 2} by RST";
    }

    /// <returns>Whether the moment came; it does not when nothing is pushed just then.</returns>
    private static async Task<bool> VanishAsync(Uri url, int number, Moment moment, bool reset, CancellationToken cancellation)
    {
        var came = false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        await using var line = await FrameLine.OpenAsync(url, window: 65_535, receiveBuffer: null, cancellation);
        try
        {
            await line.AskForPageAsync(1, url, SoakSite.PagePaths[number % SoakSite.SteadyPages], limit.Token);
            came = moment == Moment.Asked;
            while (!came)
            {
                var (type, flags, stream, payload) = await line.ReadAsync(limit.Token);
                if (type == Frames.Data && payload.Length > 0)
                {
                    // Or pushes would take all of the connection's window, and the page never come.
                    await line.GrantAsync(0, (uint)payload.Length, limit.Token);
                }

                came = moment switch
                {
                    Moment.Promise => type == Frames.PushPromise,
                    Moment.Pushed => type == Frames.Data && stream % 2 == 0,
                    _ => type == Frames.Data && stream == 1,
                };
                if (stream == 1 && type is Frames.Data or Frames.Headers && (flags & Frames.EndStream) != 0)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // The origin was unwell: it goes all the same.
        }

        if (reset)
        {
            line.Line.Vanish();
        }
        else
        {
            line.Line.HangUp();
        }

        return came;
    }
}
