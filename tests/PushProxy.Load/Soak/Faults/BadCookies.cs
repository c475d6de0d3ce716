using System.Net;
using PushProxy.Load.Soak.Origin;
using PushProxy.Load.Soak.Probes;

namespace PushProxy.Load.Soak.Faults;

/// <summary>Each kind of bad cookie with a page that must come all the same: a burst beside the ones among the probes.</summary>
internal static class BadCookies
{
    /// <param name="client">Whom to ask through.</param>
    /// <param name="faults">Tells whether the origin was unwell.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static async Task<string> RunAsync(ProbeClient client, FaultLog faults, CancellationToken cancellation)
    {
        var served = 0;
        for (var i = 0; i < 4 * Cookies.Kinds; i++)
        {
            var start = faults.Now;
            var version = i % 2 == 0 ? HttpVersion.Version20 : HttpVersion.Version11;
            var probe = new Probe(-i, version, HttpMethod.Get, SoakSite.PagePaths[i % SoakSite.Pages])
            {
                Navigates = true,
                Cookie = Cookies.Of(i % Cookies.Kinds),
            };
            var answer = await client.AskAsync(probe, cancellation);
            served += answer.Served ? 1 : 0;
            if (!(answer.Served && answer.IsRight) && !faults.Excuses(start, faults.Now))
            {
                throw new SoakFailureException($"a page asked for with the cookie '{probe.Cookie}' was answered {answer}");
            }
        }

        return $"{4 * Cookies.Kinds} requests, {served} served, the others while the origin was unwell";
    }
}
