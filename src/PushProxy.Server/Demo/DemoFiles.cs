using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace PushProxy.Server.Demo;

/// <summary>The files of the demo site, by the path they are served at. They are resources of this assembly.</summary>
internal sealed partial class DemoFiles
{
    private const string ResourcePrefix = "demo/";
    private const string Fragments = "fragments/";

    private readonly Dictionary<string, DemoFile> _byPath = new(StringComparer.Ordinal);

    /// <summary>The page shown for a path that does not exist.</summary>
    public DemoFile NotFound => _byPath["/404"];

    /// <summary>Every path the site answers.</summary>
    public IEnumerable<string> Paths => _byPath.Keys;

    /// <summary>The file at a path, or null.</summary>
    public DemoFile? Find(string? path) => _byPath.GetValueOrDefault(path ?? "");

    /// <summary>Reads all files, puts fragments into pages and completes the framework.</summary>
    public static DemoFiles Load()
    {
        var sources = ReadResources();
        var files = new DemoFiles();
        foreach (var (name, bytes) in sources.Where(source => !source.Key.StartsWith(Fragments, StringComparison.Ordinal)))
        {
            var content = name switch
            {
                "css/framework.css" => [.. bytes, .. Encoding.UTF8.GetBytes(FrameworkCss.GridAndUtilities())],
                _ when name.EndsWith(".html", StringComparison.Ordinal) => Include(bytes, sources),
                _ => bytes,
            };
            files._byPath[ServedAt(name)] = new DemoFile(name, content);
        }

        return files;
    }

    /// <summary>Pages go without their extension, as sites have done for as long as there were rewrite rules.</summary>
    private static string ServedAt(string name) => name switch
    {
        "index.html" => "/",
        _ when name.EndsWith("/index.html", StringComparison.Ordinal) => "/" + name[..^"/index.html".Length],
        _ when name.EndsWith(".html", StringComparison.Ordinal) => "/" + name[..^".html".Length],
        _ => "/" + name,
    };

    private static byte[] Include(byte[] page, Dictionary<string, byte[]> sources) =>
        Encoding.UTF8.GetBytes(IncludeDirective().Replace(
            Encoding.UTF8.GetString(page),
            match => Encoding.UTF8.GetString(sources[Fragments + match.Groups["name"].Value]).TrimEnd()));

    private static Dictionary<string, byte[]> ReadResources()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var sources = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal));
        foreach (var resource in names)
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            sources[resource[ResourcePrefix.Length..].Replace('\\', '/')] = bytes;
        }

        return sources;
    }

    /// <summary>Server-side includes, as there were before templates: <c>&lt;!--#include "header.html" --&gt;</c>.</summary>
    [GeneratedRegex("<!--#include \"(?<name>[a-z-]+\\.html)\" -->")]
    private static partial Regex IncludeDirective();
}
