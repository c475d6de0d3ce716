using PushProxy.Testing;
using PushProxy.Testing.Browsers;
using Xunit;

namespace PushProxy.EndToEnd.Dashboard;

/// <summary>How a page looks, in any browser.</summary>
internal static class Looks
{
    /// <summary>What reaches beyond the window, so that one would have to scroll sideways.</summary>
    public const string Overflowing = """
        [...document.querySelectorAll('body, body *:not(.skip):not(.hidden)')].filter(e => e.getBoundingClientRect().right > innerWidth + 0.5
            || e.getBoundingClientRect().left < -0.5)
          .map(e => `${e.localName}.${e.className?.baseVal ?? e.className}: ${e.textContent.trim().slice(0, 60)}`)
          .concat(document.documentElement.scrollWidth > innerWidth ? ['the page: ' + document.documentElement.scrollWidth] : []).join('\n')
        """;

    /// <summary>Words of a chart that lie over others.</summary>
    public const string Colliding = """
        [...document.querySelectorAll('svg[role=img]')].flatMap(svg => {
          const words = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
          return words.flatMap(([a, r], i) => words.slice(i + 1).filter(([, s]) =>
            r.left < s.right && s.left < r.right && r.top + 2 < s.bottom && s.top + 2 < r.bottom).map(([b]) => `${a} over ${b}`));
        }).join('\n')
        """;

    /// <summary>Asserts that axe-core finds nothing.</summary>
    public static async Task AssertUsableAsync(Func<string, Task<string>> evaluate)
    {
        await evaluate(AxeCore.Begin);
        var found = "wait";
        await Eventually.TrueAsync(async () => (found = await evaluate(AxeCore.Result)) != "wait", () => "axe-core does not end");
        Assert.Equal("", found);
    }

    /// <summary>Keeps a picture for whoever wants to see it: in artifacts/dashboard of the clone, and in the tests' report.</summary>
    public static void Keep(string name, byte[] picture)
    {
        var file = Path.Combine(Repository.Folder, "artifacts", "dashboard", name + ".png");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, picture);
        TestContext.Current.AddAttachment($"dashboard-{name}.png", picture, "image/png");
    }
}
