using System.Collections.Concurrent;
using PushProxy.Testing.Origins;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// A site made by chance, whose pages stay, change or take turns in the ways that real ones do. It notes what each answer named.
/// </summary>
internal sealed class ChangingSite
{
    /// <summary>The request field that says which visit a page request belongs to.</summary>
    public const string VisitField = "x-visit";

    private readonly ScriptedSite _origin;
    private readonly string _folder;
    private readonly Random _random;
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _named = [];
    private readonly Lock _lock = new();

    public ChangingSite(ScriptedSite origin, string folder, Random random)
    {
        (_origin, _folder, _random) = (origin, folder, random);
        var sessions = 0;
        _origin.On(SignIn, r => r.WriteAsync(RawRequest.Response(
            "200 OK", $"Content-Type: text/plain\nSet-Cookie: session={folder[1..]}x{Interlocked.Increment(ref sessions)}of0c1f22e9d0; HttpOnly", "")));
        Pages = [.. Enum.GetValues<ChangingPage>().Select(AddPage)];
    }

    /// <summary>Where visitors get a session.</summary>
    public string SignIn => _folder + "/sign-in";

    /// <summary>The path of each page, and how it changes.</summary>
    public IReadOnlyList<(string Path, ChangingPage How)> Pages { get; }

    /// <summary>What one visit's answer named.</summary>
    public IReadOnlyList<string> NamedFor(string visit) => _named[visit];

    /// <summary>How many visits' answers named something so far.</summary>
    public int WitnessesOf(string name) => _named.Values.Count(names => names.Contains(name));

    private (string Path, ChangingPage How) AddPage(ChangingPage how)
    {
        var page = $"{_folder}/{how}/";
        string[] stay = [.. Enumerable.Range(0, _random.Next(2, 5)).Select(i => $"{page}stays{i}.css")];
        string[] turn = [.. Enumerable.Range(0, _random.Next(2, 30)).Select(i => $"{page}turn{i}.{(i % 2 == 0 ? "css" : "js")}")];
        var (views, deployedAfter, often) = (0, _random.Next(12, 25), _random.Next(3, 8));
        bool hasValidator = _random.Next(2) == 0, hasToken = _random.Next(2) == 0;
        _origin.Files([.. stay, .. turn]);
        _origin.On(page, request =>
        {
            lock (_lock)
            {
                var number = ++views;
                var visit = request.Head.Value(VisitField) ?? "";
                var isMobile = request.Head.Value("User-Agent")?.Contains("Mobile", StringComparison.Ordinal) == true;
                string[] turning = how switch
                {
                    ChangingPage.IsDeployedOnce => [turn[number > deployedAfter ? 1 : 0]],
                    ChangingPage.ChangesNowAndThen => [turn[number / often % turn.Length]],
                    ChangingPage.TakesTurns => [turn[number % turn.Length]],
                    ChangingPage.IsLeftToChance => [turn[_random.Next(turn.Length)]],
                    ChangingPage.IsPrivateAndLeftToChance or ChangingPage.IsForMembersAndLeftToChance => [turn[_random.Next(2)]],
                    ChangingPage.HasTheTimeInAName => [$"{turn[0]}?t={number}"],
                    ChangingPage.HasAMarkForEachVisit => [$"{turn[0]}?sid={visit}"],
                    ChangingPage.DiffersByClient or ChangingPage.DiffersByClientAndSaysSo => [turn[isMobile ? 1 : 0]],
                    ChangingPage.DiffersByBackend => [turn[_random.Next(2)]],
                    _ => [],
                };
                string[] named = [.. stay, .. turning];
                _named[visit] = named;

                // The bytes may be others each time although the names are not. Then there is no validator to tell.
                var tag = hasValidator && !hasToken ? $"\nETag: \"{string.Join('-', named.Select(n => n.Split('/')[^1]))}\"" : "";
                return request.WriteAsync(RawRequest.Response(
                    "200 OK",
                    "Content-Type: text/html" + tag + how switch
                    {
                        ChangingPage.DiffersByClientAndSaysSo => "\nVary: User-Agent",
                        ChangingPage.IsPrivate or ChangingPage.IsPrivateAndLeftToChance => "\nCache-Control: private",
                        ChangingPage.IsForMembers or ChangingPage.IsForMembersAndLeftToChance => "\nCache-Control: no-store",
                        _ => "",
                    },
                    ScriptedSite.Html(EarlySite.Elements(named) + (hasToken ? $"<meta name=csrf content={Guid.NewGuid():N}>" : ""))));
            }
        });
        return (page, how);
    }
}

/// <summary>How a page changes from answer to answer.</summary>
internal enum ChangingPage
{
    Stays,
    IsDeployedOnce,
    ChangesNowAndThen,
    TakesTurns,
    IsLeftToChance,
    HasTheTimeInAName,
    HasAMarkForEachVisit,
    DiffersByClient,
    DiffersByClientAndSaysSo,
    DiffersByBackend,
    IsPrivate,
    IsPrivateAndLeftToChance,
    IsForMembers,
    IsForMembersAndLeftToChance,
}
