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
        Assert.Equal(result.First.Complete.Count, result.Pages.Sum(static p => p.First.Finished));
        Assert.Equal(result.Returning.Complete.Count, result.Pages.Sum(static p => p.Returning.Finished));
        Assert.True(result.Pages.Sum(static p => p.First.Requests + p.Returning.Requests) <= requests.Sent);
        Assert.True(result.Pages.Sum(static p => p.First.Bytes + p.Returning.Bytes) <= requests.Bytes + pushes.UsedBytes);
        Assert.Equal(result.All.Display.Count, result.First.Display.Count + result.Returning.Display.Count);
        foreach (var time in new[] { result.All.FirstByte, result.All.Display, result.All.Complete })
        {
            // One that needs more views than there were is null, and so are all above it.
            double[] percentiles = [.. new[] { time.P50, time.P90, time.P99 }.OfType<double>()];
            Assert.Equal(new[] { 2, 10, 100 }.Count(n => time.Count >= n), percentiles.Length);
            Assert.Equal(percentiles.Append(time.Max).Order(), percentiles.Append(time.Max));
        }

        Assert.True(result.All.FirstByte.Max <= result.All.Complete.Max);
    }
}
