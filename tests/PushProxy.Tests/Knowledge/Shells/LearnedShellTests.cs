using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Knowledge.Shells;

public sealed class LearnedShellTests : IDisposable
{
    private const int Views = 4;

    // Behind its last tag.
    private static readonly int Whole = VisitedSite.Page(1000).LastIndexOf('>') + 1;

    private readonly VisitedSite _site = new(new ShellOptions { Views = Views, Clients = 2, After = 6, MaxBytes = 4096 });

    private ulong _client = 100;

    public void Dispose() => _site.Dispose();

    [Fact]
    public void A_shell_is_what_enough_answers_have_in_common()
    {
        for (var i = 1; i < Views; i++)
        {
            _site.Visit("/", client: (ulong)i % 2 + 1, VisitedSite.Page(1000, $"<p>{i}"));
            Assert.Equal(0, _site.ShellOf("/"));
        }

        _site.Visit("/", client: 1, VisitedSite.Page(1000, "<p>last"));
        Assert.Equal(Whole + "<p>".Length + (1000 - Whole), _site.ShellOf("/"));
        Assert.Equal("differs", _site.Learned("/").Limit);
    }

    [Fact]
    public void The_answer_that_is_shortest_and_the_one_that_differs_soonest_say_how_long_it_is()
    {
        foreach (var length in new[] { 1000, 700, 2000, 900 })
        {
            _site.Visit("/", (ulong)length, VisitedSite.Page(length));
        }

        Assert.Equal(VisitedSite.Page(700).LastIndexOf('>') + 1, _site.ShellOf("/"));
        foreach (var (same, client) in new[] { (3000, 1UL), (600, 2UL), (800, 3UL), (3000, 4UL) })
        {
            _site.Visit("/other", client, VisitedSite.Page(same, "</p>different"));
        }

        Assert.Equal(VisitedSite.Page(600).LastIndexOf('>') + 1, _site.ShellOf("/other"));
    }

    [Theory]
    [InlineData(255, 0)]
    [InlineData(256, 256)]
    public void One_shorter_than_256_bytes_is_none(int length, int expected)
    {
        var page = VisitedSite.Page(length - 5) + "<br/>";
        for (var i = 0; i < Views; i++)
        {
            _site.Visit("/", (ulong)i, page + i);
        }

        Assert.Equal(expected, _site.ShellOf("/"));
    }

    [Fact]
    public void One_longer_than_the_limit_is_cut()
    {
        Learn("/", VisitedSite.Page(10_000));
        Assert.InRange(_site.ShellOf("/"), 4090, 4096);
        Assert.Equal("max-bytes", _site.Learned("/").Limit);
    }

    [Fact]
    public void One_address_teaches_nobody_however_often_it_comes()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _site.Visit("/", client: 7, VisitedSite.Page(1000));
            _site.Visit($"/folder/{i % 50}", client: 7, VisitedSite.Page(1000));
        }

        Assert.Equal((0, 0, 0), (_site.ShellOf("/"), _site.ShellOf("/folder/1"), _site.ShellOf("/folder/new")));

        // It takes another's answer, and then it is what both were sent.
        _site.Visit("/", client: 8, VisitedSite.Page(600, "</p>"));
        Assert.Equal(VisitedSite.Page(600).LastIndexOf('>') + 1, _site.ShellOf("/"));
    }

    [Fact]
    public void An_address_that_is_not_known_counts_as_none()
    {
        for (var i = 0; i < 100; i++)
        {
            _site.Visit("/", client: i % 2 == 0 ? 7UL : 0, VisitedSite.Page(1000));
        }

        Assert.Equal(0, _site.ShellOf("/"));
    }

    [Fact]
    public void The_same_address_does_not_count_twice()
    {
        using var site = new VisitedSite(new ShellOptions { Views = 3, Clients = 3 });
        foreach (var client in new ulong[] { 1, 2, 2, 1, 1, 2 })
        {
            site.Visit("/", client, VisitedSite.Page(1000));
            Assert.Equal(0, site.ShellOf("/"));
        }

        site.Visit("/", client: 3, VisitedSite.Page(1000));
        Assert.Equal(Whole, site.ShellOf("/"));
    }

    [Fact]
    public void It_is_proven_by_so_many_right_answers_in_a_row()
    {
        Learn("/", VisitedSite.Page(1000));
        Right("/", 5);
        Assert.False(_site.IsProven("/"));
        Right("/", 1);
        Assert.True(_site.IsProven("/"));
        Assert.Equal((6, 0), _site.Learned("/").Counts.Compared);
    }

    [Fact]
    public void One_address_proves_nothing()
    {
        Learn("/", VisitedSite.Page(1000));
        for (var i = 0; i < 1000; i++)
        {
            _site.Visit("/", client: 7, VisitedSite.Page(1000));
        }

        Assert.False(_site.IsProven("/"));

        // With six answers needed, and eight clients, each counts once.
        Right("/", 4);
        Assert.False(_site.IsProven("/"));
        Right("/", 1);
        Assert.True(_site.IsProven("/"));
    }

    [Fact]
    public void A_wrong_answer_shortens_it_to_what_was_right()
    {
        Learn("/", VisitedSite.Page(1000));
        Right("/", 6);
        var verdict = _site.Visit("/", client: 1, VisitedSite.Page(500, "</p>different"));
        Assert.Equal(ShellFault.Bytes, verdict.Fault);
        Assert.Equal(VisitedSite.Page(500).LastIndexOf('>') + 1, _site.ShellOf("/"));

        // What is shorter has been right as often. One that was sent must be proven again.
        Assert.True(_site.IsProven("/"));
        _site.Visit("/", client: 1, VisitedSite.Page(400, "</p>different"), isSent: true);
        Assert.Equal(VisitedSite.Page(400).LastIndexOf('>') + 1, _site.ShellOf("/"));
        Right("/", 5, length: 400);
        Assert.False(_site.IsProven("/"));
        Right("/", 1, length: 400);
        Assert.True(_site.IsProven("/"));
    }

    [Theory]
    [InlineData("", "X-Frame-Options: DENY")]
    [InlineData("too soon")]
    [InlineData("too short")]
    public void An_answer_that_is_all_wrong_ends_it_and_it_is_learned_anew(string page, params string[] fields)
    {
        Learn("/", VisitedSite.Page(1000));
        Right("/", 6);
        var html = page switch
        {
            "too soon" => VisitedSite.Page(200, "</p>" + VisitedSite.Page(1000)),
            "too short" => VisitedSite.Page(499),
            _ => VisitedSite.Page(1000),
        };
        Assert.NotEqual(ShellFault.None, _site.Visit("/", client: 1, html, isSent: false, fields).Fault);
        Assert.Equal(0, _site.ShellOf("/"));
        Assert.False(_site.IsProven("/"));
        for (var i = 0; i < Views; i++)
        {
            Assert.Equal(0, _site.ShellOf("/"));
            _site.Visit("/", (ulong)i, VisitedSite.Page(1000), isSent: false, fields);
        }

        Assert.Equal(Whole, _site.ShellOf("/"));
        for (var i = 0; i < 6; i++)
        {
            Assert.False(_site.IsProven("/"));
            _site.Visit("/", ++_client, VisitedSite.Page(1000), isSent: false, fields);
        }

        Assert.True(_site.IsProven("/"));
    }

    [Theory]
    [InlineData("Set-Cookie: a=1", "Set-Cookie")]
    [InlineData("Cache-Control: max-age=60", "Cache-Control")]
    public void Some_fields_prevent_it(string field, string limit)
    {
        for (var i = 0; i < 3 * Views; i++)
        {
            _site.Visit("/", (ulong)i, VisitedSite.Page(1000), isSent: false, field);
        }

        Assert.Equal((0, limit), (_site.ShellOf("/"), _site.Learned("/").Limit));
    }

    [Fact]
    public void So_do_fields_that_differ()
    {
        for (var i = 0; i < Views; i++)
        {
            _site.Visit("/", (ulong)i, VisitedSite.Page(1000), isSent: false, $"X-Visitor: {i}");
        }

        Assert.Equal((0, "X-Visitor"), (_site.ShellOf("/"), _site.Learned("/").Limit));
    }

    [Theory]
    [InlineData(1.9, false)]
    [InlineData(2.2, true)]
    public void It_grows_only_if_it_gets_twice_as_long(double times, bool grows)
    {
        Learn("/", VisitedSite.Page(1000, "<p>"), VisitedSite.Page(1000, "</p>"));
        var length = _site.ShellOf("/");
        var longer = VisitedSite.Page((int)(length * times));
        for (var i = 0; i < 200; i++)
        {
            _site.Visit("/", (ulong)i, longer);
        }

        Assert.Equal(grows ? longer.LastIndexOf('>') + 1 : length, _site.ShellOf("/"));
        Assert.True(_site.IsProven("/"));
    }

    [Fact]
    public void What_is_longer_must_be_proven_again()
    {
        Learn("/", VisitedSite.Page(400, "<p>"), VisitedSite.Page(400, "</p>"));
        var length = _site.ShellOf("/");
        while (_site.ShellOf("/") == length)
        {
            _site.Visit("/", client: (ulong)Random.Shared.Next(100), VisitedSite.Page(1000));
        }

        Assert.Equal(Whole, _site.ShellOf("/"));
        Assert.False(_site.IsProven("/"));
    }

    [Fact]
    public void A_token_behind_it_that_all_have_does_not_make_it_begin_anew()
    {
        var page = VisitedSite.Page(400) + "<input name=csrf value=1>" + VisitedSite.Page(2000);
        Learn("/", page);
        var length = _site.ShellOf("/");
        Assert.InRange(length, 390, 400);
        Assert.Equal("token", _site.Learned("/").Limit);
        Right("/", 6, page);
        for (var i = 0; i < 500; i++)
        {
            _site.Visit("/", (ulong)i, page);
            Assert.True(_site.IsProven("/"));
        }

        Assert.Equal(length, _site.ShellOf("/"));
    }

    private void Learn(string path, params string[] pages)
    {
        for (var i = 0; i < Views; i++)
        {
            _site.Visit(path, (ulong)i + 1, pages[i % pages.Length]);
        }

        Assert.NotEqual(0, _site.ShellOf(path));
    }

    private void Right(string path, int times, int length = 1000) => Right(path, times, VisitedSite.Page(length, "</p>right"));

    private void Right(string path, int times, string page)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(ShellFault.None, _site.Visit(path, ++_client, page).Fault);
        }
    }
}
