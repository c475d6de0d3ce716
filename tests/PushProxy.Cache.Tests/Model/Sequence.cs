using System.Globalization;
using System.Text;

namespace PushProxy.Cache.Tests.Model;

/// <summary>What happens, drawn from bytes: each choice takes one, and after the last all of them are 0.</summary>
internal sealed class Sequence(byte[] choices)
{
    private static readonly string[] Urls = ["/a.css", "/b.js?x=1", "/page.html", "/data"];
    private static readonly int[] Sizes = [100, 0, 1, 7, 3000, (64 * 1024) + 1, 200_000];
    private static readonly string?[] Variants = [null, "a", "b", "a, b", "a ,b", ""];
    private static readonly string?[] Wishes = [null, null, null, "no-cache", "max-age=0", "no-store", "only-if-cached", "max-age=5"];
    private static readonly string?[] Ranges = ["bytes=0-0", "bytes=1-10", "bytes=-5", "bytes=5-", "bytes=99999-"];

    private readonly StringBuilder _log = new();
    private int _next;

    /// <summary>What was done, for people who look for a fault.</summary>
    public string Log => _log.ToString();

    public int Hits { get; private set; }

    public int Shared { get; private set; }

    public int Confirmed { get; private set; }

    public async Task<string?> RunAsync()
    {
        using var site = new Site(new HttpCacheOptions
        {
            MaxBodyBytes = Choose(4) == 1 ? 20_000 : 8 * 1024 * 1024,
            MaxBytes = Choose(8) == 1 ? 64 * 1024 : 16 * 1024 * 1024,
            MaxStaleOnError = TimeSpan.FromSeconds(Choose(2) == 0 ? 60 : 0),
            ReloadPause = TimeSpan.FromSeconds(Choose(2) == 0 ? 10 : 0),
            MaxVariants = Choose(4) == 1 ? 1 : 16,
            MaxBytesUnderWay = Choose(4) == 1 ? 70_000 : 64 * 1024 * 1024,
        });
        foreach (var url in Urls)
        {
            site.Origin[url] = new Resource(Policy.All[Choose(Policy.All.Count)]);
            Note($"{url}: {site.Origin[url]}");
        }

        while (_next < choices.Length)
        {
            await StepAsync(site);
            await site.SettleAsync();
        }

        var wrong = await site.EndAsync();
        (Hits, Shared, Confirmed) = (site.Hits, site.Shared, site.Origin.Confirmed);
        return wrong;
    }

    private async Task StepAsync(Site site)
    {
        var step = Choose(24);
        var url = Urls[Choose(10) is < 4 and var i ? i : 0];
        switch (step)
        {
            case 16:
                var seconds = new[] { 1, 4, 10, 29, 60, 100, 100_000 }[Choose(7)];
                Note($"{seconds} s pass");

                // Whoever has been answered by now is not answered later.
                await site.SettleAsync(40);
                await site.AnsweredAsync();
                site.Time.Advance(TimeSpan.FromSeconds(seconds));
                break;
            case 17:
                var removed = Choose(4) == 0 ? null : url;
                Note($"{removed ?? "all"} is removed");
                site.Purge(removed);
                break;
            case 18:
                site.Origin[url] = site.Origin[url] with { Version = site.Origin[url].Version + 1 };
                Note($"{url} changes");
                break;
            case 19:
                site.Origin[url] = Any(site.Origin[url]);
                Note($"{url}: {site.Origin[url]}");
                break;
            case 20:
                site.Origin[url] = site.Origin[url] with { Failure = Choose(3) == 0 ? Failure.None : (Failure)Choose(9) };
                Note($"{url} fails: {site.Origin[url].Failure}");
                break;
            case 21:
                site.Origin[url] = site.Origin[url] with { Hold = (Hold)Choose(3) };
                Note($"{url} is held: {site.Origin[url].Hold}");
                break;
            case 22:
                Note($"the origin goes on");
                site.Origin.LetGo();
                break;
            case 23:
                var clients = site.Clients.Where(static c => !c.Done.IsCompleted).ToList();
                if (clients.Count > 0)
                {
                    var client = clients[Choose(clients.Count)];
                    var reads = Choose(2) == 0;
                    Note($"{client.Request.Number} {(reads ? "reads" : "goes away")}");
                    (reads ? client.Read : (Action)client.Leave)();
                }

                break;
            case 15:
                await BurstAsync(site, url);
                break;
            default:
                Send(site, AnyRequest(site, url));
                break;
        }
    }

    // Several at once. Whatever their order is, none of them began after another has been answered.
    private async Task BurstAsync(Site site, string url)
    {
        var began = site.Origin.NextEvent();
        for (var i = 2 + Choose(6); i > 0; i--)
        {
            Send(site, AnyRequest(site, url) with { Began = began });
        }

        await Task.Yield();
    }

    private void Send(Site site, Asked request)
    {
        var way = Choose(16);
        var (isSlow, isStream) = (way is 1 or 2, way % 2 == 1);
        Note($"{request}{(isSlow ? " (slow)" : "")}{(isStream ? " (stream)" : "")}");
        site.Send(request, !isSlow, isStream);
    }

    private Asked AnyRequest(Site site, string url)
    {
        if (Choose(2) == 0)
        {
            return site.Ask("GET", url);
        }

        var kind = Choose(12);
        var request = site.Ask(kind == 10 ? "HEAD" : kind == 11 ? "POST" : "GET", url) with
        {
            Cookie = Choose(4) == 1 ? "user=1" : null,
            Authorization = Choose(8) == 1 ? "Basic eDp5" : null,
            Variant = Variants[Choose(Variants.Length)],
            Destination = Choose(6) switch { 1 => "document", 2 => "style", _ => null },
            CacheControl = Wishes[Choose(Wishes.Length)],
        };
        var (known, condition) = (site.Origin.Bodies.Values.Where(b => b.Url == url).OrderBy(static b => -b.Serial).ToList(), Choose(8));
        if (known.Count == 0 || condition > 4)
        {
            return request;
        }

        var body = known[Choose(Math.Min(3, known.Count))];
        return condition switch
        {
            0 => request,
            1 => request with { IfNoneMatch = Choose(2) == 0 ? body.Tag : $"\"x\", {body.Tag}" },
            2 => request with { IfModifiedSince = body.LastModified },
            3 => request with { Range = Ranges[Choose(Ranges.Length)] },
            _ => request with { Range = Ranges[Choose(Ranges.Length)], IfRange = body.Tag },
        };
    }

    private Resource Any(Resource before) => before with
    {
        Policy = Policy.All[Choose(Policy.All.Count)],
        Size = Sizes[Choose(Sizes.Length)],
        Pieces = 1 + (Choose(3) * Choose(5)),
        HasLength = Choose(3) != 1,
        UsesWriter = Choose(3) == 1,
        SaysDate = Choose(3) == 1,
        SaysLate = Choose(3) == 1,
        AddsForOne = Choose(3) == 1,
    };

    private int Choose(int count) => _next < choices.Length ? choices[_next++] % count : 0;

    private void Note(FormattableString text) => _log.AppendLine(text.ToString(CultureInfo.InvariantCulture));
}
