using Xunit;

namespace PushProxy.EndToEnd.Shells;

/// <summary>What an origin answers that is not the page whose shell was sent.</summary>
internal static class WrongAnswers
{
    private const string Html = "Content-Type: text/html; charset=utf-8";

    private static readonly Dictionary<string, Action<ShellPage>> All = new()
    {
        ["redirect"] = page => page.Answers("302 Found", "Location: other\nSet-Cookie: seen=redirect", ""),
        ["unauthorized"] = page => page.Answers(
            "401 Unauthorized", $"{Html}\nWWW-Authenticate: Bearer\nSet-Cookie: seen=unauthorized", Document("Who are you?")),
        ["not-found"] = page => page.Answers("404 Not Found", Html, Document("There is no such page.")),
        ["failure"] = page => page.Answers("500 Internal Server Error", $"{Html}\nSet-Cookie: seen=failure", Document("Sorry.")),
        ["text"] = page => page.Answers("200 OK", "Content-Type: text/plain; charset=utf-8", "Only text."),
        ["cookie"] = page => page.Answers("200 OK", $"{Html}\nSet-Cookie: seen=page", page.Whole),
        ["shorter"] = page => page.Answers("200 OK", Html, ShellPage.Beginning[..^20]),
        ["last-byte"] = page => page.Answers("200 OK", Html, $"{ShellPage.Beginning[..^1]} class=y>the rest</p>"),
        ["first-byte"] = page => page.Answers("200 OK", Html, Document("Something else.")),
        ["empty"] = page => page.Answers("200 OK", Html, ""),
        ["reset"] = page => page.Answers(request =>
        {
            request.Reset();
            return Task.CompletedTask;
        }),
    };

    /// <summary>The name of each, with scripts and without.</summary>
    public static TheoryData<string, bool> Names => [.. All.Keys.SelectMany(name => new[] { (name, true), (name, false) })];

    /// <summary>Has a page answered like that.</summary>
    public static void Give(ShellPage page, string name) => All[name](page);

    private static string Document(string text) =>
        $"<!doctype html><html><head><title>wrong</title></head><body><p id=part>{text}</p></body></html>";
}
