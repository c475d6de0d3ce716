using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Model;

public class ShellFieldsTests
{
    private const string Type = "Content-Type: text/html; charset=utf-8";

    [Theory]
    [InlineData("Date")]
    [InlineData("Age")]
    [InlineData("Content-Length")]
    [InlineData("ETag")]
    [InlineData("Last-Modified")]
    [InlineData("Expires")]
    [InlineData("Server-Timing")]
    [InlineData("x-request-id")]
    [InlineData("Traceparent")]
    [InlineData("CF-Ray")]
    [InlineData("X-Cache")]
    public void These_may_differ_come_or_go_and_are_never_sent(string name)
    {
        var fields = Of(Type, name + ": 1")!;
        Assert.Equal("Content-Type", Assert.Single(fields.All).Key);
        Assert.Null(fields.Difference(Headers(Type, name + ": 2")));
        Assert.Null(fields.Difference(Headers(Type)));
        Assert.Null(Of(Type)!.Difference(Headers(Type, name + ": 1")));
    }

    [Theory]
    [InlineData("Content-Language: de", "Content-Language: en")]
    [InlineData("Content-Security-Policy: default-src 'self'", "Content-Security-Policy: default-src 'none'")]
    [InlineData("Strict-Transport-Security: max-age=1", "Strict-Transport-Security: max-age=2")]
    [InlineData("X-Frame-Options: DENY", "X-Frame-Options: deny")]
    [InlineData("Link: </a.css>; rel=preload", "Link: </b.css>; rel=preload")]
    [InlineData("Cache-Control: no-cache", "Cache-Control: no-store")]
    [InlineData("Vary: Accept-Language", "Vary: Accept")]
    [InlineData("X-Anything: 1", "X-Anything: 2")]
    public void All_others_must_be_the_same(string field, string other)
    {
        var name = field[..field.IndexOf(':', StringComparison.Ordinal)];
        var fields = Of(Type, field)!;
        Assert.Null(fields.Difference(Headers(Type, field)));
        Assert.Equal(name, fields.Difference(Headers(Type, other)));
    }

    [Fact]
    public void The_one_that_is_missing_or_added_is_named()
    {
        var fields = Of(Type, "A: 1", "B: 2", "C: 3")!;
        Assert.Equal("A", fields.Difference(Headers(Type, "B: 2", "C: 3")));
        Assert.Equal("B", fields.Difference(Headers(Type, "A: 1", "C: 3")));
        Assert.Equal("C", fields.Difference(Headers(Type, "A: 1", "B: 2")));
        Assert.Equal("Content-Type", fields.Difference(Headers("A: 1", "B: 2", "C: 3")));
        Assert.Equal("D", fields.Difference(Headers(Type, "A: 1", "B: 2", "C: 3", "D: 4")));
        Assert.Equal("D", fields.Difference(Headers(Type, "A: 1", "D: 4", "C: 3")));
        Assert.Equal("Set-Cookie", fields.Difference(Headers(Type, "A: 1", "B: 2", "C: 3", "Set-Cookie: a=1")));
    }

    [Fact]
    public void Their_order_and_the_case_of_their_names_do_not_matter()
    {
        var fields = Of(Type, "A: 1", "B: 2")!;
        Assert.Null(fields.Difference(Headers("b: 2", "Date: 1", "a: 1", Type)));
        Assert.Null(fields.Difference(Headers("Date: 1", Type, "B: 2", "Age: 1", "A: 1")));
    }

    [Theory]
    [InlineData("Vary: Accept-Encoding", "Date: 1")]
    [InlineData("Vary: accept-encoding , ", "Date: 1")]
    [InlineData("Vary: Accept-Language", "Vary: Accept-Language, Accept-Encoding")]
    [InlineData("Vary: Accept-Encoding,Accept-Language", "Vary: Accept-Language")]
    public void Our_own_compressions_part_of_Vary_does_not_count(string field, string other)
    {
        Assert.Null(Of(Type, field)!.Difference(Headers(Type, other)));
        Assert.Null(Of(Type, other)!.Difference(Headers(Type, field)));
        Assert.DoesNotContain(Of(Type, field)!.All, f => f.Value.Contains("Encoding", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("Set-Cookie: a=1")]
    [InlineData("Refresh: 5")]
    [InlineData("Clear-Site-Data: \"cache\"")]
    [InlineData("Content-Security-Policy: script-src 'nonce-abc'")]
    [InlineData("Content-Security-Policy: default-src 'self'; style-src 'NONCE-abc'")]
    [InlineData("Content-Security-Policy: sandbox allow-scripts")]
    [InlineData("Vary: *")]
    [InlineData("Vary: Accept, *")]
    [InlineData("Cache-Control: max-age=60")]
    [InlineData("Cache-Control: private, max-age=1")]
    [InlineData("Cache-Control: public")]
    [InlineData("Cache-Control: s-maxage=60")]
    [InlineData("Cache-Control: max-age=0, public")]
    [InlineData("Cache-Control: s-maxage=60, max-age=0")]
    public void With_these_there_is_no_shell(string field)
    {
        Assert.Null(ShellFields.Of(Headers(Type, field), out var obstacle));
        Assert.Equal(field[..field.IndexOf(':', StringComparison.Ordinal)], obstacle);
    }

    [Theory]
    [InlineData("Cache-Control: no-store")]
    [InlineData("Cache-Control: no-cache, max-age=60")]
    [InlineData("Cache-Control: no-store, max-age=60")]
    [InlineData("Cache-Control: max-age=0, must-revalidate")]
    [InlineData("Cache-Control: private")]
    [InlineData("Content-Security-Policy: script-src 'sha256-abc'")]
    [InlineData("Content-Security-Policy-Report-Only: default-src 'self'")]
    public void With_these_there_is_one(string field)
    {
        Assert.NotNull(ShellFields.Of(Headers(Type, field), out var obstacle));
        Assert.Null(obstacle);
    }

    [Fact]
    public void There_are_at_most_48()
    {
        var most = Enumerable.Range(0, 48).Select(i => $"X-{i}: 1").ToArray();
        Assert.Equal(48, Of(most)!.All.Count);
        Assert.NotNull(Of([.. most, "Date: 1", "ETag: 1"]));
        Assert.Null(ShellFields.Of(Headers([.. most, "X-One-More: 1"]), out var obstacle));
        Assert.Equal("too many fields", obstacle);
    }

    [Fact]
    public void Names_and_values_have_at_most_8_KiB()
    {
        var most = $"Link: {new string('a', 8192 - "Link".Length)}";
        Assert.NotNull(Of(most));
        Assert.NotNull(Of(most, "ETag: 1"));
        Assert.Null(ShellFields.Of(Headers(most + "a"), out var obstacle));
        Assert.Equal("too many fields", obstacle);
    }

    [Fact]
    public void They_are_sent_as_they_came()
    {
        var sent = new HeaderDictionary { ["Server"] = "mine" };
        Of(Type, "Link: </a>", "Link: </b>", "Date: 1")!.WriteTo(sent);
        Assert.Equal(["Content-Type", "Link", "Server"], sent.Keys.Order());
        Assert.Equal("</a>,</b>", sent["Link"]);
    }

    [Theory]
    [InlineData("Content-Type: text/html; charset=utf-8", "utf-8")]
    [InlineData("Content-Type: text/html;charset=\"Shift_JIS\"", "Shift_JIS")]
    [InlineData("Content-Type: text/html", null)]
    public void They_say_the_charset(string type, string? charset) => Assert.Equal(charset, Of(type)!.Charset);

    [Fact]
    public void They_say_whether_a_policy_may_forbid_scripts()
    {
        Assert.True(Of(Type, "content-security-policy: default-src 'self'")!.ForbidScripts);
        Assert.False(Of(Type, "Content-Security-Policy-Report-Only: default-src 'self'")!.ForbidScripts);
    }

    private static ShellFields? Of(params string[] fields) => ShellFields.Of(Headers(fields), out _);

    private static HeaderDictionary Headers(params string[] fields)
    {
        var headers = new HeaderDictionary();
        foreach (var field in fields)
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            headers[field[..colon]] = StringValues.Concat(headers[field[..colon]], field[(colon + 2)..]);
        }

        return headers;
    }
}
