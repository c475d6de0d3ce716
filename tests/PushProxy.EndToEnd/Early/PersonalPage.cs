using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// A page whose second stylesheet is named after the user who asks: by a field x-user, or by the name within the credentials.
/// </summary>
internal static class PersonalPage
{
    private static readonly string[] Users = ["alice", "bob", "carol", "dave"];

    /// <summary>Adds one to a site.</summary>
    /// <param name="site">Where.</param>
    /// <param name="folder">What tells it from others.</param>
    /// <param name="headers">Further fields of its responses, a line each.</param>
    /// <returns>The page, and what all its users need.</returns>
    public static (string Page, string Common) Add(EarlySite site, string folder, Func<string>? headers = null)
    {
        var (page, common) = ($"/home/{folder}/", $"/home/{folder}/common.css");
        site.Origin.Files([common, .. Users.Append("nobody").Select(n => FileOf(folder, n))]);
        site.Origin.On(page, async request =>
        {
            var credentials = $"{request.Head.Value("X-User")} {request.Head.Value("Cookie")} {request.Head.Value("Authorization")}";
            var name = Array.Find(Users, n => credentials.Contains(n, StringComparison.Ordinal)) ?? "nobody";
            await request.WriteAsync(RawRequest.Response(
                "200 OK",
                $"Content-Type: text/html\n{headers?.Invoke() ?? "X-Kind: page"}",
                ScriptedSite.Html(EarlySite.Elements(common, FileOf(folder, name)))));
        });
        return (page, common);
    }

    /// <summary>What only this user's page names.</summary>
    public static string FileOf(string folder, string user) => $"/users/{folder}/{user}.css";

    /// <summary>Nobody was told of a file that only another's page names.</summary>
    public static void AssertNothingOfOthers(IReadOnlyList<Told> told, IEnumerable<Visitor> users)
    {
        foreach (var other in users.Where(u => u.Name != told[0].Visitor.Name))
        {
            Assert.All(told, t => Assert.False(t.Names($"/{other.Name}.css"), $"{other.Name}'s file was told to {t}"));
        }
    }
}
