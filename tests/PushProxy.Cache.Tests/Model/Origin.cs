using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;

namespace PushProxy.Cache.Tests.Model;

/// <summary>The origin: it makes bodies that say for whom and when, and remembers all of them.</summary>
internal sealed class Origin(FakeTimeProvider time)
{
    public const string SerialField = "X-Serial";

    private readonly ConcurrentDictionary<string, Resource> _resources = new();
    private readonly ConcurrentDictionary<Asked, Grant> _confirmations = new();
    private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _events;
    private int _serials;
    private int _held, _heldBeforeHead;

    public ConcurrentDictionary<int, Produced> Bodies { get; } = new();

    /// <summary>When it has failed, by URL, as counts of events and by the clock.</summary>
    public ConcurrentBag<(string Url, long At, DateTimeOffset Time)> Failures { get; } = [];

    /// <summary>How many requests it holds.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>How many of them it has not answered at all.</summary>
    public int HeldBeforeHead => Volatile.Read(ref _heldBeforeHead);

    public int Confirmed { get; private set; }

    public Resource this[string url]
    {
        get => _resources.GetOrAdd(url, static _ => new Resource(Policy.All[0]));
        set => _resources[url] = value;
    }

    public long NextEvent() => Interlocked.Increment(ref _events);

    /// <summary>The cache has what the origin said to a request with a 304.</summary>
    public void Heard(Asked by)
    {
        if (_confirmations.TryRemove(by, out var grant))
        {
            grant.Known = NextEvent();
        }
    }

    public void LetGo()
    {
        var gate = _gate;
        _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gate.SetResult();
    }

    public async Task AnswerAsync(HttpContext http)
    {
        var url = http.Request.Path + http.Request.QueryString;
        var by = http.Items.TryGetValue(typeof(Asked), out var asked) ? (Asked)asked! : new Asked(0, NextEvent(), "GET", url)
        {
            IsBackground = true,
            Cookie = Field("Cookie"),
            Authorization = Field("Authorization"),
            Variant = Field("X-Variant"),
            Destination = Field("Sec-Fetch-Dest"),
        };
        var resource = this[url];
        var grant = new Grant(by, resource.Policy, NextEvent(), time.GetUtcNow());
        if (resource.Hold == Hold.BeforeHead)
        {
            Interlocked.Increment(ref _heldBeforeHead);
            await HoldAsync(isHeld: true);
            Interlocked.Decrement(ref _heldBeforeHead);
        }

        if (resource.Failure is Failure.Status or Failure.Throws || resource.Policy.Status >= 500)
        {
            Failures.Add((url, NextEvent(), time.GetUtcNow()));
        }

        http.Response.Headers["X-Answers"] = by.Number.ToString(CultureInfo.InvariantCulture);
        switch (resource.Failure)
        {
            case Failure.Status:
                http.Response.StatusCode = 502;
                return;
            case Failure.Throws:
                throw new IOException("The origin is not there.");
            case Failure.AbortsAtOnce:
                http.Abort();
                return;
        }

        if (by.Method == "POST")
        {
            return;
        }

        if (Confirms(http, resource) is { } known)
        {
            Confirmed++;
            http.Response.StatusCode = 304;
            Say(http, resource, known);
            Came(grant);
            known.Grants.Add(grant);
            _confirmations[by] = grant;
            http.Response.OnCompleted(() =>
            {
                Heard(by);
                return Task.CompletedTask;
            });
            return;
        }

        var made = Make(resource, grant);
        try
        {
            await ProduceAsync(http, resource, made, grant);
        }
        finally
        {
            made.Ended = NextEvent();
            if (resource.Policy.Status >= 500)
            {
                // Whoever came meanwhile has waited for the same failure.
                Failures.Add((url, made.Ended, time.GetUtcNow()));
            }
        }

        string? Field(string name) => http.Request.Headers[name] is { Count: > 0 } value ? value.ToString() : null;
    }

    private Produced Make(Resource resource, Grant grant)
    {
        var serial = Interlocked.Increment(ref _serials);
        var variant = resource.Policy.Varies ? grant.By.MeantVariant : null;
        var body = Produced.MakeBody(serial, resource.Version, variant, grant.By, resource.Policy.HasBody ? resource.Size : 0);
        var made = new Produced(serial, resource.Version, variant, grant, body);
        return Bodies[serial] = made;
    }

    private async Task ProduceAsync(HttpContext http, Resource resource, Produced made, Grant grant)
    {
        var body = made.Body;
        http.Response.StatusCode = resource.Policy.Status;
        Say(http, resource, made);
        var says = grant.By.Method == "HEAD" ? body.Length : resource.Failure == Failure.SaysTooLong ? body.Length + 1
            : resource.Failure == Failure.SaysTooShort ? Math.Max(0, body.Length - 1) : body.Length;
        http.Response.ContentLength = resource.HasLength && resource.Policy.HasBody ? says : null;
        Came(grant);
        if (grant.By.Method == "HEAD")
        {
            made.IsWhole = true;
            return;
        }

        var half = body.Length / 2;
        await WriteAsync(http, resource, body.AsMemory(0, half));
        grant.Known = NextEvent();
        await HoldAsync(resource.Hold == Hold.WithinBody);
        switch (resource.Failure)
        {
            case Failure.ThrowsWithin:
                throw new IOException("The origin has broken off.");
            case Failure.ResetsWithin when http.Features.Get<IHttpResetFeature>() is { } reset:
                reset.Reset(2);
                return;
            case Failure.AbortsWithin or Failure.ResetsWithin:
                http.Abort();
                return;
        }

        await WriteAsync(http, resource, body.AsMemory(half));
        made.IsWhole = resource.Failure == Failure.None || says == body.Length || http.Response.ContentLength is null;
    }

    private static async Task WriteAsync(HttpContext http, Resource resource, ReadOnlyMemory<byte> bytes)
    {
        var piece = Math.Max(1, (bytes.Length + resource.Pieces - 1) / resource.Pieces);
        for (var at = 0; at < bytes.Length; at += piece)
        {
            var part = bytes.Slice(at, Math.Min(piece, bytes.Length - at));
            if (resource.UsesWriter)
            {
                await http.Response.BodyWriter.WriteAsync(part, http.RequestAborted);
            }
            else
            {
                await http.Response.Body.WriteAsync(part, http.RequestAborted);
            }
        }

        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private void Say(HttpContext http, Resource resource, Produced about)
    {
        if (resource.SaysLate)
        {
            http.Response.OnStarting(() =>
            {
                SayNow(http, resource, about);
                return Task.CompletedTask;
            });
        }
        else
        {
            SayNow(http, resource, about);
        }

        if (resource.AddsForOne && http.Features.Get<IHttpCacheFeature>()?.TakeHead() == true)
        {
            http.Response.Headers.Append("X-Mine", http.Response.Headers["X-Answers"]);
        }
    }

    private void SayNow(HttpContext http, Resource resource, Produced about)
    {
        var headers = http.Response.Headers;
        var now = time.GetUtcNow();
        foreach (var (name, value) in resource.Policy.Fields)
        {
            headers.Append(name, name switch
            {
                "Expires" when value.StartsWith('{') => now.AddSeconds(int.Parse(value[1..^1], CultureInfo.InvariantCulture)).ToString("R"),
                "Set-Cookie" or "X-Secret" => value + headers["X-Answers"],
                _ => value,
            });
        }

        headers[SerialField] = about.Serial.ToString(CultureInfo.InvariantCulture);
        headers.ETag = about.Policy.HasETag ? about.Tag : default;
        headers.LastModified = about.Policy.HasLastModified ? about.LastModified : default;
        headers.Date = resource.SaysDate ? now.ToString("R") : default;
        headers.ContentType = about.Url.EndsWith(".html", StringComparison.Ordinal) ? "text/html; charset=utf-8" : "text/plain";
    }

    // A 304 leaves the fields that it does not have as they are. So it comes only if it has all that was said before.
    private Produced? Confirms(HttpContext http, Resource resource)
    {
        var (tags, date) = (http.Request.Headers.IfNoneMatch.ToString(), http.Request.Headers.IfModifiedSince.ToString());
        if (resource.Policy.Status != 200 || (tags.Length == 0 && date.Length == 0))
        {
            return null;
        }

        var variant = Asked.MeaningOf(http.Request.Headers["X-Variant"] is { Count: > 0 } v ? v.ToString() : null);
        return Bodies.Values.FirstOrDefault(b => b.Url == http.Request.Path + http.Request.QueryString && b.Version == resource.Version
            && (b.Policy.HasETag ? tags.Contains(b.Tag, StringComparison.Ordinal) : b.Policy.HasLastModified && date == b.LastModified)
            && b.IsWhole && b.Policy.Status == 200 && (b.Variant is null || b.Variant == variant)
            && (resource.Policy.HasLastModified || !b.Grants.Any(static g => g.Policy.HasLastModified))
            && b.Grants.SelectMany(static g => g.Policy.Fields).All(f => resource.Policy.Fields.Any(now => now.Name == f.Name)));
    }

    private void Came(Grant grant)
    {
        (grant.HeadCameAt, grant.HeadCame) = (time.GetUtcNow(), NextEvent());
    }

    private async Task HoldAsync(bool isHeld)
    {
        if (isHeld)
        {
            var gate = _gate.Task;
            Interlocked.Increment(ref _held);
            await gate;
            Interlocked.Decrement(ref _held);
        }
    }
}
