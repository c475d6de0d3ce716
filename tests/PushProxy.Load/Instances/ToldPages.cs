using System.Diagnostics;
using System.Text.Json;
using PushProxy.Testing.Clients;

namespace PushProxy.Load.Instances;

/// <summary>What an instance knows of pages and may tell everybody, as <c>/pages</c> of its management listener has it.</summary>
internal static class ToldPages
{
    /// <summary>How long after Redis is back all instances must know the same.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LearnPatience = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>For each page, what it needs.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(Uri management, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        await using var text = await client.GetStreamAsync(new Uri(management, "/pages"), cancellation);
        using var json = await JsonDocument.ParseAsync(text, cancellationToken: cancellation);
        return json.RootElement.GetProperty("pages").EnumerateArray().ToDictionary(
            static p => $"{p.GetProperty("authority").GetString()}{p.GetProperty("path").GetString()}",
            static p => string.Join(' ', p.GetProperty("resources").EnumerateArray()
                .Select(static r => $"{r.GetProperty("url").GetString()}{(r.GetProperty("excluded").ValueKind == JsonValueKind.Null ? "" : "!")}")
                .Order(StringComparer.Ordinal)));
    }

    /// <summary>Asks for a page over one connection after the other, until the instance tells others all that it needs.</summary>
    /// <param name="url">The page, by the address of the instance.</param>
    /// <param name="authority">What the instances are called.</param>
    /// <param name="management">The instance's management listener.</param>
    /// <exception cref="InvalidOperationException">A request failed, or it was never learned.</exception>
    public static async Task LearnAsync(Uri url, string authority, Uri management, CancellationToken cancellation)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < LearnPatience; await Task.Delay(Pause, cancellation))
        {
            using var client = new HttpClient(Http2Client.NewHandler());
            using var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = new(2, 0), Headers = { Host = authority } };
            request.Headers.Accept.ParseAdd("text/html");
            using var response = await client.SendAsync(request, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"{url} was answered with {(int)response.StatusCode}.");
            }

            await response.Content.CopyToAsync(Stream.Null, cancellation);
            if (Knows(await ReadAsync(management, cancellation), authority + url.AbsolutePath))
            {
                return;
            }
        }

        throw new InvalidOperationException($"{url} was not learned in {LearnPatience.TotalSeconds} s.");
    }

    /// <summary>Whether an instance tells others what a page needs.</summary>
    public static async Task<bool> HasAsync(Uri management, string page, CancellationToken cancellation) =>
        Knows(await ReadAsync(management, cancellation), page);

    /// <summary>Waits until two instances know the same, and a page that one of them has learned alone.</summary>
    /// <param name="one">The management listener of one.</param>
    /// <param name="other">That of the other.</param>
    /// <param name="page">The page, by the name of the instances.</param>
    /// <param name="since">From when on time counts (<see cref="Stopwatch"/>).</param>
    /// <returns>How long it took, and what was different all of <see cref="Limit"/>.</returns>
    public static async Task<(TimeSpan Took, string? Different)> UntilSameAsync(
        Uri one, Uri other, string page, long since, CancellationToken cancellation)
    {
        while (true)
        {
            // What was read before it is too late counts.
            var took = Stopwatch.GetElapsedTime(since);
            var (first, second) = (await ReadAsync(one, cancellation), await ReadAsync(other, cancellation));
            var different = first.Keys.Union(second.Keys)
                .Where(k => first.GetValueOrDefault(k, "") != second.GetValueOrDefault(k, ""))
                .Select(k => $"{k}: '{first.GetValueOrDefault(k)}' and '{second.GetValueOrDefault(k)}'").ToList();
            if (different.Count == 0 && Knows(second, page))
            {
                return (took, null);
            }

            if (took > Limit)
            {
                return (took, different.Count == 0 ? $"{page} is known to none" : string.Join("; ", different));
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    private static bool Knows(IReadOnlyDictionary<string, string> pages, string page) => pages.GetValueOrDefault(page, "").Length > 0;
}
