using System.Globalization;
using PushProxy.Load.Soak.Origin;

namespace PushProxy.Load.Soak.Faults;

/// <summary>What the origin does wrong.</summary>
internal static class OriginFaults
{
    private const int Percent = 60;

    /// <param name="origin">Who misbehaves.</param>
    /// <param name="planned">How, and how much time there is.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static async Task<string> RunAsync(OriginProcess origin, PlannedFault planned, CancellationToken cancellation)
    {
        if (planned.Kind == FaultKind.OriginRestart)
        {
            var down = await origin.RestartAsync(cancellation);
            return string.Create(CultureInfo.InvariantCulture, $"nobody listened for {down.TotalSeconds:F1} s");
        }

        var mode = planned.Kind switch
        {
            FaultKind.OriginHang => OriginMode.Hang,
            FaultKind.OriginReset => OriginMode.Reset,
            FaultKind.OriginResetAmid => OriginMode.ResetAmid,
            FaultKind.OriginTruncate => OriginMode.Truncate,
            FaultKind.OriginSlow => OriginMode.Slow,
            _ => throw new ArgumentOutOfRangeException(nameof(planned), planned.Kind, "No fault of the origin."),
        };
        await origin.BehaveAsync(mode, Percent, cancellation);
        try
        {
            await Task.Delay(Duration(planned.Slot), cancellation);
        }
        finally
        {
            await origin.BehaveAsync(OriginMode.Well, 0, CancellationToken.None);
        }

        return $"{Percent} % of requests";
    }

    /// <summary>With the grace after it, less than half of the slot.</summary>
    private static TimeSpan Duration(TimeSpan slot) =>
        TimeSpan.FromSeconds(Math.Clamp((slot.TotalSeconds / 2) - FaultLog.Grace.TotalSeconds, 0.5, 4));
}
