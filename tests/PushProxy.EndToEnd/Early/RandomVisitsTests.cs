using System.Globalization;
using System.Text.RegularExpressions;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// Whatever a site is like, and whoever visits it in whatever order: nobody's credentials are sent for what the visitor's own pages did not
/// name, and nobody is told what one connection alone was sent, or one client behind a balancer.
/// </summary>
public sealed partial class RandomVisitsTests(GuardedSite site) : IClassFixture<GuardedSite>
{
    private const int Visits = 60;
    private int _visit;
    private int _toldEarly;
    private int _askedForMembers;

    [Fact]
    public async Task Nobody_is_told_or_made_to_ask_for_what_one_alone_was_sent()
    {
        // PUSHPROXY_RANDOM_SITES in the environment makes it many more, and not the same ones.
        var more = Environment.GetEnvironmentVariable("PUSHPROXY_RANDOM_SITES");
        var first = more is null ? 1 : Random.Shared.Next(1000, 1_000_000);
        var sites = more is null ? 4 : int.Parse(more, CultureInfo.InvariantCulture);
        for (var seed = first; seed < first + sites; seed++)
        {
            await VisitAsync(seed);
        }

        // Otherwise the rest says nothing.
        TestContext.Current.SendDiagnosticMessage("{0} names told early, {1} promises with credentials", _toldEarly, _askedForMembers);
        Assert.InRange(_toldEarly, 1, int.MaxValue);
        Assert.InRange(_askedForMembers, 1, int.MaxValue);
    }

    private async Task VisitAsync(int seed)
    {
        var random = new Random(seed);
        var where = new RandomSite(site.Origin, $"/random{seed}", random);
        List<Someone> people = [new("127.80.0.1", null), new("127.80.0.2", null)];
        for (var i = 0; i < 4; i++)
        {
            people.Add(await JoinAsync(where, $"127.80.{i}.3", $"s{seed}of{i}c1f22e9d0"));
        }

        for (var i = 0; i < 2; i++)
        {
            people.Add(new Someone("127.80.7.1", null) { Through = $"203.0.113.{i}" });
        }

        people.Add(new Someone("127.80.8.1", $"authorization: Bearer t{seed}of0c1f22e9d0"));
        people.Add(new Someone("127.80.9.1", $"authorization: Bearer t{seed}of1c1f22e9d0"));
        List<Someone> attackers =
        [
            new("127.66.0.1", null), new("127.66.1.1", "cookie: session=invented"), await JoinAsync(where, "127.66.2.1", $"s{seed}ofevilc1f22"),
        ];
        for (var i = 0; i < Visits; i++)
        {
            var page = where.Pages[random.Next(where.Pages.Count)];
            if (random.Next(3) == 0)
            {
                await AttackAsync(where, random, attackers[random.Next(attackers.Count)], page);
            }
            else
            {
                await BrowseAsync(where, random, people[random.Next(people.Count)], page, seed);
            }
        }

        AssertNobodysCredentialsWereUsed(where, people, seed);
    }

    private async Task<Someone> JoinAsync(RandomSite where, string address, string session)
    {
        where.SignIn(session);
        return new Someone(address, "cookie: " + (await new Stranger(site, address).ViewAsync(where.Folder + "/sign-in")).Cookie);
    }

    // As one connection can: names of its own by a field and a query, and requests that pretend to be for the page's resources.
    private async Task AttackAsync(RandomSite where, Random random, Someone who, string page)
    {
        var visit = NextVisit();
        var evil = $"{where.Folder}/evil.css?by={visit}";
        var target = random.Next(2) == 0 ? page : $"{page}?css={visit}";
        await new Stranger(site, who.Address).ViewAsync(
            target,
            [.. who.Fields, $"{RandomSite.VisitField}: {visit}", "x-theme: " + evil],
            [.. where.Actions.Select(a => (a, "script")), (evil, "style"), .. where.Resources.Select(r => (r, "script"))]);
    }

    private async Task BrowseAsync(RandomSite where, Random random, Someone who, string page, int seed)
    {
        var visit = NextVisit();
        string[] fields = [.. who.Fields, $"{RandomSite.VisitField}: {visit}", .. random.Next(6) == 0 ? ["origin: https://other.test"] : Array.Empty<string>()];
        var target = random.Next(4) == 0 ? $"{page}?utm={visit}" : page;
        var before = where.Answers.ToList();
        if (random.Next(2) == 0)
        {
            // A browser that takes no push asks for what its page names.
            var seen = await new Stranger(site, who.Address).ViewAsync(target, fields);
            AssertUnmarked(seen.Decision + seen.Link);
            var own = Own(where, visit);
            who.AskedFor(own);
            await new Stranger(site, who.Address).ViewAsync(
                target,
                [.. who.Fields, $"{RandomSite.VisitField}: {NextVisit()}"],
                [.. own.Select(n => (n, n.EndsWith(".js", StringComparison.Ordinal) ? "script" : "style"))]);
            AssertTold(seen.Decision, LinkValue.Parse(seen.Link).Where(l => l.IsPreload).Select(l => l.Target), own, before);
        }
        else
        {
            var seen = await Nghttp.RunAsync(
                site.Url(target), ["accept: text/html", "sec-fetch-dest: document", .. fields, .. random.Next(3) == 0 ? ["--no-push"] : Array.Empty<string>()]);
            AssertUnmarked(seen.Text);
            var page200 = Assert.IsType<Http2Frame>(seen.Page);
            var early = seen.Promises.Where(p => seen.IndexOf(p) < seen.IndexOf(page200)).Select(p => p[":path"]!)
                .Concat(seen.Hints.SelectMany(h => h.Preloads)).ToList();

            // What is read in the page as it passes is promised before the page's own bytes.
            AssertTold(page200.Decision, early, page200.Decision.StartsWith("head", StringComparison.Ordinal) ? Own(where, visit) : [], before);
            Assert.Equal(seen.Promised.Distinct(), seen.Promised);
            AssertTold($"Promised {string.Join(", ", seen.Promised)}, linked {string.Join(", ", page200.Preloads)}; {page200.Decision}", seen.Promised.Concat(page200.Preloads), Own(where, visit), before);
            _toldEarly += early.Count;
            _askedForMembers += seen.Promises.Count(p => p["cookie"] is not null || p["authorization"] is not null);
        }

        void AssertUnmarked(string text) => Assert.All(
            Mark().Matches(text),
            mark => Assert.True(mark.Value == RandomSite.MarkOf(visit), $"Site {seed}, visit {visit} of {target}: it saw {mark.Value}. {text}"));

        void AssertTold(string how, IEnumerable<string> told, IReadOnlyCollection<string> own, IReadOnlyList<NamingAnswer> earlier)
        {
            foreach (var name in told.Where(n => !own.Contains(n)))
            {
                var witnesses = earlier.Where(a => a.Names.Contains(name)).Select(a => a.Client).Distinct().Count();
                Assert.True(witnesses >= 2, $"Site {seed}, visit {visit} of {target}: told of {name}, which {witnesses} client(s) had been sent. {how}");
            }
        }
    }

    private static List<string> Own(RandomSite where, string visit) =>
        [.. where.Answers.Where(a => a.Visit == visit).SelectMany(a => a.Names).Distinct()];

    private static void AssertNobodysCredentialsWereUsed(RandomSite where, List<Someone> people, int seed)
    {
        foreach (var who in people.Where(p => p.Credentials is not null))
        {
            var named = where.Answers.Where(a => a.Credentials == who.Credentials).SelectMany(a => a.Names)
                .Concat(where.Pages).Concat(who.Asked).ToHashSet();
            foreach (var request in where.Requests.Where(r => RandomSite.CredentialsOf(r) == who.Credentials))
            {
                var target = RandomSite.TargetOf(request);
                Assert.True(
                    named.Contains(target) || where.Pages.Contains(target.Split('?')[0]),
                    $"Site {seed}: {target} was asked for with '{who.Credentials}', whose pages name {string.Join(", ", named)}.");
            }
        }
    }

    [GeneratedRegex("mark-v[0-9]+-mark")]
    private static partial Regex Mark();

    private string NextVisit() => $"v{++_visit}";

    /// <summary>Who visits: the address, and the field with credentials, if there are any.</summary>
    private sealed class Someone(string address, string? login)
    {
        private readonly HashSet<string> _asked = [];

        public string Address => address;

        /// <summary>The client's address as an intermediary states it, with another port each time; null if there is none.</summary>
        public string? Through { get; init; }

        public string[] Fields =>
        [
            .. login is null ? Array.Empty<string>() : [login],
            .. Through is null ? Array.Empty<string>()
                : [$"{RandomSite.ThroughField}: {Through}", $"x-forwarded-for: {Through}:{Random.Shared.Next(1024, 65000)}"],
        ];

        public string? Credentials => login?.Split(": ")[1];

        public IReadOnlyCollection<string> Asked => _asked;

        public void AskedFor(IEnumerable<string> names) => _asked.UnionWith(names);
    }
}
