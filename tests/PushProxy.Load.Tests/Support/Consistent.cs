namespace PushProxy.Load.Tests.Support;

/// <summary>What has to add up in anything visitors counted.</summary>
internal static class Consistent
{
    /// <summary>Everything begun came to one of its ends.</summary>
    public static void Counts(VisitResult result)
    {
        var (views, requests, pushes) = (result.Counts.Views, result.Counts.Requests, result.Counts.Pushes);
        Assert.Equal(views.Started, views.Finished + views.Failed + views.Cancelled);
        Assert.Equal(requests.Sent, requests.Answered + requests.Failed + requests.Cancelled + requests.Retried);
        Assert.Equal(requests.Answered, result.Status.Values.Sum());
        Assert.Equal(result.Counts.Errors, result.Errors.Values.Sum());
        Assert.Equal(Math.Min(20, result.Counts.Errors), result.Samples.Count);
        Assert.Equal(pushes.Promised, pushes.Used + pushes.Cancelled + pushes.Unused + pushes.Failed + pushes.Abandoned);
        foreach (var hints in new[] { result.Counts.EarlyHints, result.Counts.Links })
        {
            Assert.Equal(hints.Resources, hints.Used + hints.Unused + hints.Cached + hints.Abandoned);
        }

        Assert.Equal(views.Finished, result.All.Complete.Count);
        Assert.Equal(result.All.Display.Count, result.First.Display.Count + result.Returning.Display.Count);
        foreach (var time in new[] { result.All.FirstByte, result.All.Display, result.All.Complete })
        {
            Assert.True(time.P50 <= time.P90 && time.P90 <= time.P99 && time.P99 <= time.Max, time.ToString());
        }

        Assert.True(result.All.FirstByte.Max <= result.All.Complete.Max);
    }
}
