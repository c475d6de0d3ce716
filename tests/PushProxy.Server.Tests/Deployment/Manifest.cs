using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Deployment;

/// <summary>One file of deploy/kubernetes, read by the models of Kubernetes' own client, in which every field has to exist.</summary>
internal sealed partial class Manifest
{
    /// <summary>Fields below which names are free.</summary>
    private static readonly HashSet<string> Free = ["labels", "matchLabels", "data", "stringData", "requests", "limits"];

    private Manifest(string text) => (Text, Objects) = (text, [.. KubernetesYaml.LoadAllFromString(text, null, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>()]);

    private static readonly string Folder = Repository.File("deploy/kubernetes");

    /// <summary>The files, by name.</summary>
    public static IEnumerable<string> Names { get; } =
    [
        .. Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Select(static f => Path.GetRelativePath(Folder, f)).Order(StringComparer.Ordinal),
    ];

    public string Text { get; }

    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects { get; }

    public static Manifest Read(string name) => Parse(File.ReadAllText(Path.Combine(Folder, name)));

    /// <exception cref="YamlDotNet.Core.YamlException">A field does not exist, or a value is of another type.</exception>
    /// <exception cref="KeyNotFoundException">There is no such kind.</exception>
    public static Manifest Parse(string text) => new(text);

    /// <summary>The only object of a kind.</summary>
    public static T Only<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> => Assert.Single(Read(name).Objects.OfType<T>());

    /// <summary>The text once for each field that Kubernetes defines, with that field misspelt.</summary>
    public IEnumerable<(string Field, string Text)> Misspelt()
    {
        var lines = Text.Split('\n');
        var parents = new Stack<(int Indent, string Name)>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (FieldLine().Match(lines[i]) is not { Success: true } field)
            {
                continue;
            }

            var name = field.Groups["name"];
            while (parents.TryPeek(out var last) && last.Indent >= name.Index)
            {
                parents.Pop();
            }

            if (!parents.Any(static p => Free.Contains(p.Name)))
            {
                yield return ($"line {i + 1}, {name.Value}", string.Join('\n', [.. lines[..i], lines[i].Insert(name.Index + 1, "x"), .. lines[(i + 1)..]]));
            }

            parents.Push((name.Index, name.Value));
        }
    }

    [GeneratedRegex(@"^ *(- )*(?<name>[a-z][A-Za-z]+):( |$)")]
    private static partial Regex FieldLine();
}
