using System.Collections.Concurrent;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// A site made by chance, with what real ones have: stylesheets that import, resources that must not be told, pages for one visitor, and
/// pages that write into themselves what the request says. Some write what is each visit's own wherever a page can hold it: a mark, and
/// nobody else may see it. It notes which names each answer had, and who asked for what.
/// </summary>
internal sealed class RandomSite
{
    /// <summary>The request field that says which visit a page request belongs to.</summary>
    public const string VisitField = "x-visit";

    /// <summary>The request field that says which client's request an intermediary passes on; absent if there is none.</summary>
    public const string ThroughField = "x-through";

    private readonly ScriptedSite _origin;
    private readonly Random _random;
    private readonly Dictionary<string, string> _imports = [];
    private readonly ConcurrentQueue<NamingAnswer> _answers = new();
    private readonly ConcurrentQueue<Head> _requests = new();

    public RandomSite(ScriptedSite origin, string folder, Random random)
    {
        (_origin, _random, Folder) = (origin, random, folder);
        Resources = [.. Enumerable.Range(0, random.Next(6, 12)).Select(AddResource)];
        Actions = [.. Enumerable.Range(0, 3).Select(i => $"{folder}/act/{i}")];
        foreach (var action in Actions)
        {
            Add(action, "application/json", "", "{}");
        }

        Add($"{folder}/own.css", "text/css", "Cache-Control: max-age=60", "");
        Add($"{folder}/evil.css", "text/css", "Cache-Control: max-age=60", "");
        foreach (var (name, type) in new[] { ("own.jpg", "image/jpeg"), ("own.woff2", "font/woff2"), ("all.css", "text/css") })
        {
            Add($"{folder}/{name}", type, "Cache-Control: max-age=60\nETag: \"1\"", "");
        }

        Pages = [.. Enumerable.Range(0, random.Next(3, 6)).Select(AddPage)];
    }

    public string Folder { get; }

    /// <summary>Names of resources that pages may have.</summary>
    public IReadOnlyList<string> Resources { get; }

    /// <summary>What no page names: requests for these change something.</summary>
    public IReadOnlyList<string> Actions { get; }

    public IReadOnlyList<string> Pages { get; }

    /// <summary>Every answer with names so far.</summary>
    public IReadOnlyCollection<NamingAnswer> Answers => _answers;

    /// <summary>Every request so far.</summary>
    public IReadOnlyCollection<Head> Requests => _requests;

    /// <summary>What tells a member of the site from others; null for who has no credentials.</summary>
    public static string? CredentialsOf(Head request) => request.Value("Cookie") ?? request.Value("Authorization");

    /// <summary>The path and query that a request is for.</summary>
    public static string TargetOf(Head request) => request.StartLine.Split(' ')[1];

    /// <summary>Hands out the session that comes next.</summary>
    public void SignIn(string session) =>
        _origin.On($"{Folder}/sign-in", "200 OK", $"Content-Type: text/plain\nSet-Cookie: session={session}; HttpOnly", "");

    /// <summary>What a page writes that is one visit's own.</summary>
    public static string MarkOf(string visit) => $"mark-{visit}-mark";

    private string AddResource(int number)
    {
        var name = $"{Folder}/r{number}.{(_random.Next(3) == 0 ? "js" : "css")}";
        var type = name.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript" : "text/css";
        var kept = "Cache-Control: max-age=60" + (_random.Next(2) == 0 ? "" : "\nETag: \"1\"");
        switch (_random.Next(10))
        {
            case 0:
                Add(name, type, "Cache-Control: no-store", "");
                break;
            case 1:
                Add(name, "text/html", kept, "<p>soft 404");
                break;
            case 2:
                Add(name, type, kept, new string(' ', 5 << 20));
                break;
            case 3:
                Add(name, type, kept + "\nSet-Cookie: seen=1", "");
                break;
            case 4:
            case 5:
                // Members get another version.
                OnAny(name, request => RawRequest.Response(
                    "200 OK",
                    $"Content-Type: {type}\nCache-Control: max-age=60\nETag: \"{(CredentialsOf(request) is null ? "all" : "member")}\"",
                    CredentialsOf(request) is null ? "" : "/* member */"));
                break;
            case 6 when type == "text/css":
                _imports[name] = $"{Folder}/i{number}.css";
                Add(_imports[name], type, kept, "");
                Add(name, type, kept, $"@import '{_imports[name]}';");
                break;
            default:
                Add(name, type, kept, "");
                break;
        }

        return name;
    }

    private string AddPage(int number)
    {
        var page = $"{Folder}/p{number}";
        string[] all = Some(), members = [.. all, .. Some()];
        bool isPersonal = _random.Next(3) == 0, isReflecting = _random.Next(2) == 0, isQueried = _random.Next(3) == 0;
        var marked = _random.Next(3) == 0 ? -1 : _random.Next(8);
        var variesByOrigin = _random.Next(3) == 0;

        // Validators that say too little: the page is each visit's own, and they are not.
        var validator = _random.Next(4) switch
        {
            0 => "\nCache-Control: no-cache\nETag: \"{0}\"",
            1 => "\nETag: W/\"{0}\"",
            2 => "\nLast-Modified: Tue, 24 Nov 2026 10:00:00 GMT",
            _ => "",
        };
        var headers = "Content-Type: text/html" + (_random.Next(3) == 0 ? "\nVary: Cookie" : "") + validator;
        OnAny(page, request =>
        {
            var who = CredentialsOf(request);
            List<string> names = [.. who is null ? all : members];
            if (isPersonal)
            {
                names.Add($"{Folder}/own.css?of={Uri.EscapeDataString(who ?? request.Value(VisitField) ?? "nobody")}");
            }

            if (isReflecting && request.Value("X-Theme") is { } theme)
            {
                names.Add(theme);
            }

            var target = TargetOf(request);
            if (isQueried && target.Contains("?css=", StringComparison.Ordinal))
            {
                names.Add($"{Folder}/evil.css?{target.Split("?css=")[1]}");
            }

            var written = Elements(names);
            var field = "";
            if (request.Value(VisitField) is { } visit)
            {
                (var element, field) = Marked(marked, MarkOf(visit), names);
                written += element;
                _answers.Enqueue(new NamingAnswer(visit, request.Value(ThroughField) ?? visit, who, [.. names, .. names.Select(n => _imports.GetValueOrDefault(n)).OfType<string>()]));
            }

            return RawRequest.Response(
                "200 OK",
                string.Format(null, headers, who is null ? "all" : "members") + field
                    + (variesByOrigin && request.Value("Origin") is not null ? "\nVary: Origin" : ""),
                ScriptedSite.Html(written));
        });
        return page;
    }

    // What holds the mark, as an element or a field, and what it makes a browser load.
    private (string Element, string Field) Marked(int kind, string mark, List<string> names)
    {
        var (name, element) = kind switch
        {
            0 => ($"{Folder}/own.css?{mark}", $"<link rel=stylesheet href={Folder}/own.css?{mark}>"),
            1 => ($"{Folder}/own.css?{mark}", $"<style>@import '{Folder}/own.css?{mark}';</style>"),
            2 => ($"{Folder}/own.woff2?{mark}", $"<style>@font-face{{font-family:F;src:url({Folder}/own.woff2?{mark})}}body{{font-family:F}}</style>"),
            3 => ($"{Folder}/own.jpg", $"<img src={Folder}/own.jpg srcset='{Folder}/own.jpg?{mark} 2x' width=900 height=600>"),
            4 => ($"{Folder}/all.css", $"<link rel=stylesheet href={Folder}/all.css integrity=sha256-{mark}>"),
            5 => ($"{Folder}/all.css", $"<link rel=stylesheet href={Folder}/all.css><link rel=stylesheet href=https://{mark}.cdn.test/a.css>"),
            6 => ($"{Folder}/all.css", $"<link rel=stylesheet href={Folder}/all.css>"),
            _ => ("", ""),
        };
        if (name.Length > 0)
        {
            names.Add(name);
        }

        return (element, kind == 6 ? $"\nContent-Security-Policy: default-src *; report-uri /csp?{mark}" : "");
    }

    private string[] Some() => [.. Resources.Where(_ => _random.Next(3) == 0)];

    private static string Elements(IEnumerable<string> names) => EarlySite.Elements(names);

    private void Add(string path, string type, string headers, string body) =>
        OnAny(path, _ => RawRequest.Response("200 OK", $"Content-Type: {type}\n{headers}".TrimEnd(), body));

    private void OnAny(string path, Func<Head, string> answer) => _origin.On(path, request =>
    {
        _requests.Enqueue(request.Head);
        return request.WriteAsync(answer(request.Head));
    });
}

/// <summary>A page as one request got it.</summary>
/// <param name="Visit">Which visit's request; a visit has one connection.</param>
/// <param name="Client">Who counts as one: the visit, or the client behind an intermediary.</param>
/// <param name="Credentials">Those of the request.</param>
/// <param name="Names">What the page and the stylesheets it names load.</param>
internal sealed record NamingAnswer(string Visit, string Client, string? Credentials, IReadOnlyList<string> Names);
