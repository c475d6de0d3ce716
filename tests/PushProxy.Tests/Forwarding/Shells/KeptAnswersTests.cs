using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Forwarding.Shells;
using Xunit;

namespace PushProxy.Tests.Forwarding.Shells;

public class KeptAnswersTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new();
    private readonly ShellOptions _options = new() { MaxKeptAnswers = 2, MaxKeptBytes = 100, KeptTime = TimeSpan.FromSeconds(10) };
    private readonly KeptAnswers _answers;

    public KeptAnswersTests() => _answers = new KeptAnswers(_options, _time);

    [Fact]
    public async Task An_answer_is_given_as_it_came()
    {
        var kept = _answers.Keep(Request())!;
        using var again = new ClientSide();
        var http = again.Request();
        var answering = _answers.Take(http)!.AnswerAsync(http);
        Assert.False(again.HasStarted);
        kept.Begin(404, new HeaderDictionary { ["Set-Cookie"] = new(["a=1", "b=2"]), ["Content-Length"] = "5" });
        await kept.WriteAsync("12"u8.ToArray(), Cancellation);
        await kept.WriteAsync("345"u8.ToArray(), Cancellation);
        kept.Complete();
        await answering;
        Assert.Equal(404, again.StatusCode);
        Assert.Equal("12345"u8.ToArray(), again.Bytes);
        Assert.Equal(["a=1", "b=2"], again.Headers.SetCookie.ToArray());
        Assert.False(again.IsAborted);
    }

    [Fact]
    public void It_is_given_once()
    {
        Assert.NotNull(_answers.Keep(Request()));
        Assert.NotNull(_answers.Take(Request()));
        Assert.Null(_answers.Take(Request()));
        Assert.Equal(0, _answers.Count);
    }

    [Fact]
    public async Task Of_many_who_take_it_at_the_same_time_one_has_it()
    {
        for (var i = 0; i < 200; i++)
        {
            Assert.NotNull(_answers.Keep(Request()));
            var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _answers.Take(Request()), Cancellation)));
            Assert.Single(taken, t => t is not null);
        }
    }

    [Fact]
    public void Another_url_browser_or_connection_never_gets_it()
    {
        Assert.NotNull(_answers.Keep(Request()));
        using var client = new ClientSide();
        Assert.Null(_answers.Take(client.Request(target: "/page")));
        Assert.Null(_answers.Take(client.Request(target: "/page?x=2")));
        Assert.Null(_answers.Take(client.Request(authority: "other.test")));
        Assert.Null(_answers.Take(client.Request(userAgent: "Other")));
        Assert.Null(_answers.Take(client.Request(connection: "2")));
        Assert.Null(_answers.Take(With(r => r.Scheme = "http")));
        Assert.Null(_answers.Take(With(r => r.Headers.Authorization = "Basic YTpi")));
        Assert.Null(_answers.Take(With(r => r.Headers.Via = "1.1 proxy")));
        Assert.Null(_answers.Take(With(r => r.Headers["X-Forwarded-For"] = "10.0.0.1")));
        Assert.NotNull(_answers.Take(Request()));

        HttpContext With(Action<HttpRequest> change)
        {
            var http = client.Request();
            change(http.Request);
            return http;
        }
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("iframe")]
    [InlineData(null)]
    public void What_is_no_document_never_gets_it(string? destination)
    {
        Assert.NotNull(_answers.Keep(Request()));
        var http = Request();
        http.Request.Headers["Sec-Fetch-Dest"] = destination;
        Assert.Null(_answers.Take(http));
        Assert.NotNull(_answers.Take(Request()));
    }

    [Fact]
    public void It_is_given_up_after_a_while()
    {
        var kept = _answers.Keep(Request())!;
        _time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.Equal(1, _answers.Count);
        Assert.False(kept.Unwanted.IsCancellationRequested);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(_answers.Take(Request()));
        Assert.Equal(0, _answers.Count);
        Assert.True(kept.Unwanted.IsCancellationRequested);
    }

    [Fact]
    public async Task Once_taken_it_has_all_the_time_it_needs()
    {
        var kept = _answers.Keep(Request())!;
        using var again = new ClientSide();
        var http = again.Request();
        var answering = _answers.Take(http)!.AnswerAsync(http);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(kept.Unwanted.IsCancellationRequested);
        kept.Begin(200, new HeaderDictionary());
        kept.Complete();
        await answering;
        Assert.True(again.HasStarted);
    }

    [Fact]
    public async Task What_is_too_much_waits_at_the_origin()
    {
        var kept = _answers.Keep(Request())!;
        kept.Begin(200, new HeaderDictionary());
        await kept.WriteAsync(new byte[99], Cancellation);
        var more = kept.WriteAsync(new byte[1], Cancellation);
        Assert.False(more.IsCompleted);
        using var again = new ClientSide();
        var http = again.Request();
        var answering = _answers.Take(http)!.AnswerAsync(http);
        await more;
        kept.Complete();
        await answering;
        Assert.Equal(100, again.Length);
    }

    [Fact]
    public async Task If_nobody_comes_what_waits_is_given_up()
    {
        var kept = _answers.Keep(Request())!;
        kept.Begin(200, new HeaderDictionary());
        var writing = kept.WriteAsync(new byte[1000], Cancellation);
        Assert.False(writing.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await writing);
    }

    [Fact]
    public async Task If_its_client_leaves_the_rest_is_given_up()
    {
        var kept = _answers.Keep(Request())!;
        kept.Begin(200, new HeaderDictionary());
        using var again = new ClientSide();
        var http = again.Request();
        var answering = _answers.Take(http)!.AnswerAsync(http);
        again.Abort();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering);
        Assert.True(kept.Unwanted.IsCancellationRequested);
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await kept.WriteAsync(new byte[1], Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_breaks_off_at_the_origin_breaks_off_here(bool hasBegun)
    {
        var kept = _answers.Keep(Request())!;
        if (hasBegun)
        {
            kept.Begin(200, new HeaderDictionary());
            await kept.WriteAsync("12"u8.ToArray(), Cancellation);
        }

        kept.Fail();
        using var again = new ClientSide();
        var http = again.Request();
        await _answers.Take(http)!.AnswerAsync(http);
        Assert.True(again.IsAborted);
        Assert.Equal(hasBegun ? "12"u8.ToArray() : [], again.Bytes);
    }

    [Fact]
    public void Not_more_than_so_many_are_kept()
    {
        Assert.NotNull(_answers.Keep(Request("1")));
        Assert.Null(_answers.Keep(Request("1")));
        Assert.NotNull(_answers.Keep(Request("2")));
        Assert.Null(_answers.Keep(Request("3")));
        Assert.NotNull(_answers.Take(Request("1")));
        Assert.NotNull(_answers.Keep(Request("3")));
        Assert.Equal(2, _answers.Count);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, _answers.Count);
        Assert.NotNull(_answers.Keep(Request("4")));
        Assert.NotNull(_answers.Keep(Request("5")));
        Assert.Null(_answers.Keep(Request("6")));
    }

    [Fact]
    public void Not_even_if_they_come_at_the_same_time()
    {
        var most = 0;
        Parallel.For(0, 20_000, i =>
        {
            var connection = $"{i}";
            if (_answers.Keep(Request(connection)) is not null)
            {
                InterlockedMax(ref most, _answers.Count);
                Assert.NotNull(_answers.Take(Request(connection)));
            }
        });
        Assert.InRange(most, 1, 2);
        Assert.Equal(0, _answers.Count);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private static HttpContext Request(string connection = "1") => new ClientSide().Request(connection: connection);
}
