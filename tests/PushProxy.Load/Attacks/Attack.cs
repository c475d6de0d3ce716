using System.Globalization;
using PushProxy.Load.Soak.Wire;

namespace PushProxy.Load.Attacks;

/// <summary>One way to keep a proxy from learning, or to make it spend. It goes on until it is cancelled.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="RunAsync">Attacks the proxy at an address.</param>
internal sealed record Attack(string Name, Func<Uri, CancellationToken, Task> RunAsync)
{
    public static readonly IReadOnlyList<Attack> All =
    [
        new("zero-window", ZeroWindowAsync),
        new("slow-sheets", static (url, cancellation) => AskAsync(url, "/slow/{0}", perSecond: 5, cancellation)),
        new("new-urls", static (url, cancellation) => AskAsync(url, "/flood/{0}", perSecond: 100, cancellation)),
        new("new-queries", static (url, cancellation) => AskAsync(url, "/page/0?q={0}", perSecond: 100, cancellation)),
        new("bombs", static (url, cancellation) => AskAsync(url, "/bomb?q={0}", perSecond: 1, cancellation)),
        new("forged-traffic", ForgedTrafficAsync),
    ];

    // The windows stay at nothing, so that no byte of the pages can leave. When the server has had enough of a connection, the next one comes.
    private static async Task ZeroWindowAsync(Uri url, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await TakeNothingAsync(url, cancellation);
            }
            catch (IOException) when (!cancellation.IsCancellationRequested)
            {
            }
        }
    }

    private static async Task TakeNothingAsync(Uri url, CancellationToken cancellation)
    {
        await using var line = await FrameLine.OpenAsync(url, window: 0, receiveBuffer: null, cancellation);
        for (var i = 0; i < 70; i++)
        {
            await line.AskForPageAsync((2 * i) + 1, url, string.Create(CultureInfo.InvariantCulture, $"/large/{i}"), cancellation);
        }

        while (true)
        {
            await line.ReadAsync(cancellation);
        }
    }

    private static async Task AskAsync(Uri url, string path, int perSecond, CancellationToken cancellation)
    {
        using var client = Visitor.NewClient(url, Visitor.AttackersAddress);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        var start = Environment.TickCount64;
        for (var i = 0L; await timer.WaitForNextTickAsync(cancellation); i++)
        {
            // Nobody waits for the answer.
            _ = Visitor.GetAsync(client, string.Format(CultureInfo.InvariantCulture, path, start + i), cancellation)
                .ContinueWith(static done => done.Exception, TaskScheduler.Default);
        }
    }

    // Connection after connection that looks at a page, takes what it names, and then says that the page wants something else.
    private static async Task ForgedTrafficAsync(Uri url, CancellationToken cancellation)
    {
        for (var i = 0; ; i++)
        {
            using var client = Visitor.NewClient(url, Visitor.AttackersAddress);
            await Visitor.GetAsync(client, "/page/0", cancellation);
            foreach (var target in new[] { "/a.css", "/b.css", "/a.js", string.Create(CultureInfo.InvariantCulture, $"/forged/{i % 64}.js") })
            {
                await Visitor.GetAsync(
                    client, target, cancellation, ("Referer", new Uri(url, "/page/0").AbsoluteUri), ("Sec-Fetch-Dest", "script"));
            }
        }
    }
}
