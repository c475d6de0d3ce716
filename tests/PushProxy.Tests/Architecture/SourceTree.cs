using System.Text.RegularExpressions;

namespace PushProxy.Tests.Architecture;

/// <summary>A project's folder: the first segment of a path below the project. The project's root files have no folder.</summary>
internal readonly record struct Room(string Project, string Folder)
{
    public string Namespace => Folder.Length == 0 ? Project : $"{Project}.{Folder}";

    public override string ToString() => Folder.Length == 0 ? Project : $"{Project}/{Folder}";
}

/// <summary>A place in a file where a room uses another one.</summary>
internal sealed record Use(Room From, Room To, string File, int Line, string Text)
{
    public override string ToString() => $"{From} uses {To}: src/{File} line {Line}: {Text}";
}

/// <summary>
/// Reads which rooms the files of <c>src/</c> use. A use is a <c>using</c> line, a name that is qualified by a folder
/// (<c>Delivery.Channel</c>, in a <c>cref</c>, too), or a public type that lives in a folder but in the project's own namespace, which
/// files see without a <c>using</c>. Comments and texts are not read.
/// </summary>
internal sealed partial class SourceTree
{
    private readonly List<SourceFile> _files = [];

    private readonly HashSet<Room> _rooms = [];

    /// <summary>Where each type is declared, by its full name.</summary>
    private readonly Dictionary<string, Room> _types = [];

    /// <param name="files">Path below <c>src/</c> and content of each <c>.cs</c> file.</param>
    public SourceTree(IEnumerable<(string Path, string Text)> files)
    {
        foreach (var (path, text) in files)
        {
            var parts = path.Split('/');
            var file = new SourceFile(path, new Room(parts[0], parts.Length > 2 ? parts[1] : ""), Code(text));
            _files.Add(file);
            _rooms.Add(file.Room);
            foreach (Match type in DeclaredType().Matches(file.Code))
            {
                _types[$"{file.Namespace}.{type.Groups["name"].Value}"] = file.Room;
            }
        }

        Uses = [.. _files.SelectMany(UsesOf).Where(static u => u.From != u.To)];
    }

    public IReadOnlyCollection<Room> Rooms => _rooms;

    public IReadOnlyList<Use> Uses { get; }

    /// <summary>Files whose namespace is neither their folder's nor, as for public types, their project's.</summary>
    public IEnumerable<string> StrayNamespaces => _files
        .Where(static f => f.Namespace != f.Room.Project && f.Namespace != f.Path[..f.Path.LastIndexOf('/')].Replace('/', '.'))
        .Where(static f => !f.Namespace.StartsWith("Microsoft.", StringComparison.Ordinal))
        .Select(static f => $"src/{f.Path} has the namespace {f.Namespace}.");

    /// <summary>The rooms of one project's folders, each with those it uses. Root files may see all, and be seen by all.</summary>
    public ILookup<string, string> Graph(string project) => Uses
        .Where(u => u.From.Project == project && u.To.Project == project && u.From.Folder.Length > 0 && u.To.Folder.Length > 0)
        .Select(static u => (u.From.Folder, To: u.To.Folder)).Distinct().Order().ToLookup(static e => e.Folder, static e => e.To);

    private IEnumerable<Use> UsesOf(SourceFile file)
    {
        var lines = file.Code.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (UsingLine().Match(lines[i]) is { Success: true } named)
            {
                if (RoomOf(named.Groups["name"].Value) is { } room)
                {
                    yield return new Use(file.Room, room, file.Path, i + 1, lines[i].Trim());
                }

                continue;
            }

            foreach (Match name in Name().Matches(lines[i]))
            {
                if (Resolve(file.Namespace, name.Value) is { } room)
                {
                    yield return new Use(file.Room, room, file.Path, i + 1, name.Value);
                }
            }
        }
    }

    /// <summary>As C# does: the name is looked for in the file's namespace, and then in each namespace around it.</summary>
    private Room? Resolve(string scope, string name)
    {
        for (; scope.Length > 0; scope = scope[..Math.Max(0, scope.LastIndexOf('.'))])
        {
            // Delivery.Channel.Push names the type Delivery.Channel.
            for (var type = name; type.Length > 0; type = type[..Math.Max(0, type.LastIndexOf('.'))])
            {
                if (_types.TryGetValue($"{scope}.{type}", out var room) || _types.TryGetValue(type, out room))
                {
                    return room;
                }
            }
        }

        return null;
    }

    /// <summary>The room of a type or namespace that a <c>using</c> names in full; null when it is not one of ours.</summary>
    private Room? RoomOf(string name) =>
        _types.TryGetValue(name, out var room) ? room
        : _rooms.Concat(_rooms.Select(static r => r with { Folder = "" })).Where(r => IsIn(name, r.Namespace))
            .OrderByDescending(static r => r.ToString().Length).Cast<Room?>().FirstOrDefault();

    private static bool IsIn(string name, string space) =>
        name == space || name.StartsWith(space + '.', StringComparison.Ordinal);

    /// <summary>The text without comments, strings and characters; crefs and what is interpolated stay. Lines keep their numbers.</summary>
    private static string Code(string text) => NotCode().Replace(text, static m =>
    {
        var kept = m.Value.StartsWith("///", StringComparison.Ordinal) ? Cref() : m.Value[0] == '$' ? Interpolated() : null;
        var names = (kept?.Matches(m.Value) ?? Enumerable.Empty<Match>()).Select(static k => k.Groups["name"].Value);
        return string.Join(' ', names) + new string('\n', m.Value.Count(static c => c == '\n'));
    });

    [GeneratedRegex("""^\s*(global\s+)?using\s+(static\s+)?(\w+\s*=\s*)?(?<name>PushProxy[\w.]*)""")]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex("""\b(class|struct|interface|record|enum)\s+(?<name>[A-Z]\w*)|\bdelegate\s+[\w<>?.,\s]+?\s(?<name>[A-Z]\w*)\s*[<(]""")]
    private static partial Regex DeclaredType();

    [GeneratedRegex("""(?<![\w.])[A-Z]\w*(\.[A-Z]\w*)*""")]
    private static partial Regex Name();

    // Raw, verbatim and ordinary strings, characters, and both kinds of comment.
    [GeneratedRegex(
        "[$]*\"{3,}.*?\"{3,}|([$]?@|@[$])\"([^\"]|\"\")*\"|[$]?\"(\\\\.|[^\"\\\\\n])*\"|'(\\\\.|[^'\\\\\n])+'|/\\*.*?\\*/|//[^\n]*",
        RegexOptions.Singleline)]
    private static partial Regex NotCode();

    [GeneratedRegex("""cref="(?<name>[^"]*)""")]
    private static partial Regex Cref();

    [GeneratedRegex("""\{+(?<name>[^{}"]*)""")]
    private static partial Regex Interpolated();

    private sealed record SourceFile(string Path, Room Room, string Code)
    {
        // A file of top-level statements has no namespace.
        public string Namespace { get; } = NamespaceLine().Match(Code) is { Success: true } line ? line.Groups["name"].Value : Room.Project;
    }
}
