namespace PushProxy.Server.Dashboard;

/// <summary>
/// What the words of the debug header mean. The file beside this one has the sentences of <c>docs/decision-header.md</c>, which is not in
/// the program: one line a word, with its heading, the word and the sentence between tabs. A test compares both.
/// </summary>
internal static class Reasons
{
    /// <summary>The headings whose words are shown.</summary>
    public static readonly IReadOnlyList<string> Headings = ["Pages", "Resources", "Pushes", "What the client has", "The analysis"];

    private static readonly Dictionary<(string Heading, string Word), string> s_all = Resources.Text("reasons.txt")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('\t'))
        .ToDictionary(static parts => (parts[0], parts[1]), static parts => parts[2]);

    /// <summary>Why a resource is not delivered, or not sooner; empty if the word is not known.</summary>
    public static string OfResource(string word) => word switch
    {
        "stale" => "It is only linked: fetched by a 103, the browser would have to ask for it again when the page comes.",
        "varies" => "It is only linked: its answers vary by Cookie, which the page may set.",
        _ => Of(word, "Resources", "The analysis", "What the client has", "Pushes"),
    };

    /// <summary>Why a page was left alone; empty if the word is not known.</summary>
    public static string OfPage(string word) => Of(word, "Pages", "Pushes");

    private static string Of(string word, params ReadOnlySpan<string> headings)
    {
        foreach (var heading in headings)
        {
            if (s_all.TryGetValue((heading, word), out var meaning))
            {
                return meaning;
            }
        }

        return "";
    }
}
