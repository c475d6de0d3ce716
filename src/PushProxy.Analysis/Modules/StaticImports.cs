namespace PushProxy.Analysis.Modules;

/// <summary>
/// Finds what a JavaScript module imports statically: <c>import … from "x"</c>, <c>import "x"</c> and <c>export … from "x"</c>
/// (ECMAScript §16.2.2). It reads words, strings and comments only; a regular expression with quotes may hide what follows it on its line.
/// </summary>
internal static class StaticImports
{
    private const int MaxImports = 64;

    /// <summary>The specifiers, in order.</summary>
    public static List<string> Find(string script)
    {
        var found = new List<string>();
        var expects = false;
        var last = '\0';
        for (var at = 0; at < script.Length && found.Count < MaxImports;)
        {
            var c = script[at];
            if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (c == '/' && at + 1 < script.Length && script[at + 1] is '/' or '*')
            {
                at = EndOfComment(script, at);
            }
            else if (c is '"' or '\'' or '`')
            {
                var end = EndOfString(script, at, c);
                if (expects && c != '`' && end - at > 2)
                {
                    found.Add(script[(at + 1)..(end - 1)]);
                }

                (expects, last, at) = (false, c, end);
            }
            else if (char.IsAsciiLetter(c) || c is '_' or '$')
            {
                var word = Word(script, at);
                at += word.Length;

                // "import(" loads later, "import.meta" and "x.import" import nothing; any other import is followed by its string.
                expects = last != '.' && word is "import" ? Next(script, at) is not ('(' or '.')
                    : last != '.' && word is "export" ? Next(script, at) is '{' or '*'
                    : expects;
                last = 'a';
            }
            else
            {
                // Between the word and the string stand names, commas, braces and an asterisk.
                expects &= c is '{' or '}' or ',' or '*' || char.IsAsciiDigit(c) || c >= 0x80;
                (last, at) = (c, at + 1);
            }
        }

        return found;
    }

    private static ReadOnlySpan<char> Word(string script, int at)
    {
        var end = at;
        while (end < script.Length && (char.IsAsciiLetterOrDigit(script[end]) || script[end] is '_' or '$'))
        {
            end++;
        }

        return script.AsSpan(at, end - at);
    }

    private static char Next(string script, int at)
    {
        while (at < script.Length && char.IsWhiteSpace(script[at]))
        {
            at++;
        }

        return at < script.Length ? script[at] : '\0';
    }

    private static int EndOfComment(string script, int at)
    {
        var end = script[at + 1] == '/' ? script.IndexOf('\n', at) : script.IndexOf("*/", at + 2, StringComparison.Ordinal);
        return end < 0 ? script.Length : end + (script[at + 1] == '/' ? 1 : 2);
    }

    // A string ends with its line, whatever becomes of it.
    private static int EndOfString(string script, int at, char quote)
    {
        for (at++; at < script.Length && script[at] != quote; at++)
        {
            if (script[at] == '\\')
            {
                at++;
            }
            else if (script[at] == '\n' && quote != '`')
            {
                return at;
            }
        }

        return Math.Min(at + 1, script.Length);
    }
}
