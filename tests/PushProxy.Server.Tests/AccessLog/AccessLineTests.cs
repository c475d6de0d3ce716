using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PushProxy.Model;
using PushProxy.Server.AccessLog;

namespace PushProxy.Server.Tests.AccessLog;

/// <summary>The lines of both formats: exactly as documented, and for any input one line that can be read back.</summary>
public partial class AccessLineTests
{
    private static readonly AccessRecord Page = new()
    {
        Time = new DateTimeOffset(2026, 11, 30, 21, 5, 7, 89, TimeSpan.FromHours(-3.5)),
        Client = "2001:db8::7",
        Method = "GET",
        Target = "/shop?q=tent",
        Version = "2",
        Scheme = "https",
        Status = 200,
        Bytes = 7583,
        Host = "www.example.org",
        Referer = "https://www.example.org/?s=1",
        UserAgent = "Mozilla/5.0",
        Cache = "miss",
        Early = new EarlyShare(3, null, 1, IsShell: false),
        Arm = Arm.Delivered,
        Duration = TimeSpan.FromSeconds(0.2584),
        FirstByte = TimeSpan.FromSeconds(0.0031),
        Route = "site",
    };

    private static readonly AccessRecord Least = new()
    {
        Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Method = "POST",
        Target = "/",
        Version = "1.1",
        Scheme = "http",
        Status = 499,
        End = AccessEnd.Aborted,
    };

    /// <summary>Any text a request can have: each byte is a character.</summary>
    private static Arbitrary<string> Hostile => Gen.Frequency(
        (3, Gen.Choose(0, 255).Select(static c => (char)c)),
        (2, Gen.Elements('"', '\\', '\n', '\r', '\x1b', '\x7f', '\x9b', 'x', ' ', '?', '\xC3', '\xA9')))
        .ArrayOf().Select(static c => new string(c)).ToArbitrary();

    [Fact]
    public void Combined_line_is_that_of_Apache_and_nginx_with_more_after_it()
    {
        Assert.Equal(
            "2001:db8::7 - - [30/Nov/2026:21:05:07 -0330] \"GET /shop?q=tent HTTP/2.0\" 200 7583 \"https://www.example.org/?s=1\" \"Mozilla/5.0\" "
            + "\"www.example.org\" \"miss\" \"push=3 link=1\" \"delivered\" \"0.258\" \"0.003\" \"site\" \"-\"\n",
            Combined(Page));
        Assert.Equal(
            "- - - [02/Jan/2026:03:04:05 +0000] \"POST / HTTP/1.1\" 499 0 \"-\" \"-\" \"-\" \"-\" \"-\" \"-\" \"0.000\" \"-\" \"-\" \"aborted\"\n", Combined(Least));
    }

    [Fact]
    public void Json_line_has_the_names_of_the_semantic_conventions()
    {
        Assert.Equal(
            """{"timestamp":"2026-12-01T00:35:07.089Z","client.address":"2001:db8::7","http.request.method":"GET","url.scheme":"https","url.path":"/shop","""
            + "\"url.query\":\"q=tent\",\"network.protocol.version\":\"2\",\"http.response.status_code\":200,\"http.response.body.size\":7583,"
            + "\"http.request.header.host\":\"www.example.org\",\"http.request.header.referer\":\"https://www.example.org/?s=1\",\"user_agent.original\":\"Mozilla/5.0\","
            + "\"http.server.request.duration\":0.258400,\"pushproxy.time_to_first_byte\":0.003100,\"pushproxy.route\":\"site\",\"pushproxy.cache\":\"miss\","
            + "\"pushproxy.channel\":\"push\",\"pushproxy.pushed\":3,\"pushproxy.hinted\":0,\"pushproxy.linked\":1,\"pushproxy.arm\":\"delivered\"}\n",
            Json(Page));
        Assert.Equal(
            """{"timestamp":"2026-01-02T03:04:05.000Z","http.request.method":"POST","url.scheme":"http","url.path":"/","network.protocol.version":"1.1","""
            + "\"http.response.status_code\":499,\"http.response.body.size\":0,\"http.server.request.duration\":0.000000,\"error.type\":\"aborted\"}\n",
            Json(Least));
    }

    [Theory]
    [InlineData(0, null, 0, false, "none", "none")]
    [InlineData(0, null, 2, false, "link=2", "link")]
    [InlineData(0, 0, 0, false, "early-hints=0", "early-hints")]
    [InlineData(0, 4, 1, true, "shell early-hints=4 link=1", "early-hints")]
    [InlineData(2, null, 0, true, "shell push=2", "push")]
    public void Channels_are_told_with_their_counts(int pushed, int? hinted, int linked, bool isShell, string combined, string channel)
    {
        var record = Page with { Early = new EarlyShare(pushed, hinted, linked, isShell) };

        Assert.Equal(combined, Fields(Combined(record))[5]);
        Assert.Contains($"\"pushproxy.channel\":\"{channel}\"", Json(record), StringComparison.Ordinal);
    }

    [Fact]
    public void Pushes_arms_and_ends_are_words()
    {
        Assert.Equal("pushed", Fields(Combined(Page with { IsPushed = true }))[^1]);
        Assert.Equal("pushed aborted", Fields(Combined(Page with { IsPushed = true, End = AccessEnd.Aborted }))[^1]);
        Assert.Equal("broken", Fields(Combined(Page with { End = AccessEnd.Broken }))[^1]);
        Assert.Equal("held-out", Fields(Combined(Page with { Arm = Arm.HeldOut }))[6]);
        Assert.Contains("\"pushproxy.arm\":\"held-out\",\"pushproxy.is_push\":true}", Json(Page with { Arm = Arm.HeldOut, IsPushed = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void Queries_can_be_left_out_and_so_can_those_of_the_page_before()
    {
        var record = Page with { Target = "http://www.example.org/a?token=1#x", Referer = "https://www.example.org/?token=1" };

        Assert.DoesNotContain("token", Combined(record, query: false), StringComparison.Ordinal);
        Assert.DoesNotContain("token", Json(record, query: false), StringComparison.Ordinal);
        Assert.Equal(2, Combined(record).Split("token").Length - 1);
    }

    [Theory]
    [InlineData("/a/b?c=d?e", "/a/b", "c=d?e")]
    [InlineData("/a?", "/a", "")]
    [InlineData("/a?u=http://x/y", "/a", "u=http://x/y")]
    [InlineData("*", "*", null)]
    [InlineData("http://www.example.org/pub?x=1", "/pub", "x=1")]
    [InlineData("http://www.example.org", "", null)]
    [InlineData("http://www.example.org?x", "", "x")]
    [InlineData("www.example.org:443", "www.example.org:443", null)]
    public void Targets_are_taken_apart(string target, string path, string? query) => Assert.Equal((path, query), AccessTarget.Split(target));

    [Property(MaxTest = 500)]
    public Property Any_request_is_one_combined_line_that_can_be_read_back() => Prop.ForAll(Hostile, Hostile, (one, other) =>
    {
        var line = Combined(Page with { Target = "/" + one, Referer = other, UserAgent = one, Host = other, Route = one });
        var fields = Fields(line);
        return IsOneLine(line) && fields.Count == 11 && fields[0] == $"GET /{one} HTTP/2.0"
            && fields[1] == Or(other) && fields[2] == Or(one) && fields[3] == Or(other) && fields[9] == Or(one);
    });

    [Property(MaxTest = 500)]
    public Property Any_request_is_one_json_line_that_can_be_read_back() => Prop.ForAll(Hostile, Hostile, (one, other) =>
    {
        var line = Json(Page with { Target = "/" + one, Referer = other, UserAgent = one, Host = other });
        using var json = JsonDocument.Parse(line);
        var (path, query) = AccessTarget.Split("/" + one);
        return IsOneLine(line) && Text(json, "url.path") == AccessText.Decoded(path) && Text(json, "url.query") == Empty(query)
            && Text(json, "user_agent.original") == Empty(one) && Text(json, "http.request.header.referer") == Empty(other);
    });

    // What no request has, but a fault could bring.
    [Property(MaxTest = 200)]
    public Property Other_characters_are_one_line_too(string one) => Prop.ToProperty(
        one is null || (IsOneLine(Combined(Page with { UserAgent = one })) && IsOneLine(Json(Page with { UserAgent = one }))));

    [Fact]
    public void Bytes_that_are_UTF8_are_read_as_that_in_json()
    {
        var agent = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("Zoé ☂"));

        Assert.Contains("\"user_agent.original\":\"Zo\\u00E9 \\u2602\"", Json(Page with { UserAgent = agent }), StringComparison.Ordinal);
        Assert.Contains("\"Zo\\xC3\\xA9 \\xE2\\x98\\x82\"", Combined(Page with { UserAgent = agent }), StringComparison.Ordinal);
        Assert.Contains("\"user_agent.original\":\"\\u00E9\"", Json(Page with { UserAgent = "\u00E9" }), StringComparison.Ordinal);
    }

    private static string Or(string text) => text.Length > 0 ? text : "-";

    private static string? Empty(string? text) => string.IsNullOrEmpty(text) ? null : AccessText.Decoded(text);

    private static string? Text(JsonDocument json, string name) => json.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static bool IsOneLine(string line) => line[^1] == '\n' && line[..^1].All(static c => c is >= ' ' and <= '~');

    private static string Combined(AccessRecord record, bool query = true) => Written(line => CombinedLine.Write(record, query, line));

    private static string Json(AccessRecord record, bool query = true) => Written(line => JsonLine.Write(record, query, line));

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var line = new ArrayBufferWriter<byte>();
        write(line);
        return Encoding.Latin1.GetString(line.WrittenSpan);
    }

    /// <summary>The quoted fields of a line, as somebody who does not know how they were made reads them.</summary>
    private static List<string> Fields(string line) =>
        [.. Quoted().Matches(line).Select(static m => Escape().Replace(m.Groups[1].Value, static e => $"{(char)int.Parse(e.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)}"))];

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\\x([0-9A-F]{2})")]
    private static partial Regex Escape();
}
