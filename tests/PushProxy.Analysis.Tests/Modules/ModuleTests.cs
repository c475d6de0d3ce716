using PushProxy.Analysis.Modules;

namespace PushProxy.Analysis.Tests.Modules;

public class ModuleTests
{
    private const string Root = "<body><div id=root></div>";

    [Theory]
    [InlineData("import 'a'", "a")]
    [InlineData("import a from \"./a.js\";import{b as c}from'./b.js'", "./a.js ./b.js")]
    [InlineData("import * as x from '/x.js'; export * from './y.js'; export {z} from './z.js'", "/x.js ./y.js ./z.js")]
    [InlineData("// import 'no'\n/* import 'no' */ import\n 'yes'", "yes")]
    [InlineData("import('no'); import.meta.url; x.import 'no'; const s = 'import \"no\"'; `import 'no'`", "")]
    [InlineData("export default 'no'; export const a = 'no'; export function f() { return 'no' }", "")]
    [InlineData("import d, {e} from 'f' with { type: 'json' }", "f")]
    public void Static_imports(string script, string expected) => Assert.Equal(expected, string.Join(' ', StaticImports.Find(script)));

    [Fact]
    public async Task A_page_that_shows_nothing_without_its_scripts_gets_them_and_what_they_import()
    {
        var site = new Site(("/main.js", "import './a.js'; import 'lib'; import 'dir/x.js'; import '//cdn.test/y.js'; import 'unknown'"), ("/a.js", "import './main.js'; import './b.js'"));
        var analysis = await site.AnalyzeAsync("<script type=importmap>{\"imports\":{\"lib\":\"/vendor/lib.js\",\"dir/\":\"/d/\"}}</script><script type=module src=main.js></script>" + Root);
        Assert.Equal("AppScript:/main.js ModuleImport:/a.js ModuleImport:/vendor/lib.js ModuleImport:/d/x.js ModuleImport:/b.js", Site.Found(analysis));
        Assert.Equal("CrossOrigin:https://cdn.test/y.js InvalidUrl:unknown", Site.Skipped(analysis));
        Assert.All(analysis.Resources, resource => Assert.Equal((CrossOriginMode.Anonymous, false), (resource.CrossOrigin, resource.Blocking)));
    }

    [Theory]
    [InlineData("<script defer src=main.js></script>" + Root, "AppScript:/main.js")]
    [InlineData(Root + "<script src=main.js></script>", "AppScript:/main.js")]
    [InlineData(Root + "<noscript>Switch it on</noscript><script src=main.js></script>", "AppScript:/main.js")]
    [InlineData(Root + "<script src=main.js async></script>", "")]
    [InlineData("<script defer src=main.js></script><body><p>Text</p>", "")]
    [InlineData("<script defer src=main.js></script><body><img src=x.png width=9 height=9>", "")]
    [InlineData("<script type=module src=main.js></script><body><p>Text</p>", "")]
    [InlineData("<script defer src=//cdn.test/main.js></script>" + Root, "")]
    public async Task An_empty_page_waits_for_its_scripts(string html, string expected) => Assert.Equal(expected, Site.Found(await new Site().AnalyzeAsync(html)));

    [Fact]
    public async Task Modules_are_bounded()
    {
        var site = new Site([.. Enumerable.Range(0, 50).Select(i => ($"/{i}.js", string.Concat(Enumerable.Range(0, 50).Select(j => $"import './{j}.js';"))))]);
        var analysis = await site.AnalyzeAsync("<link rel=modulepreload href=0.js>", new() { MaxModules = 4 });
        Assert.Equal(4, analysis.Resources.Count);
    }

    [Fact]
    public async Task A_broken_import_map_says_nothing()
    {
        var site = new Site(("/main.js", "import 'lib'"));
        foreach (var map in new[] { "{", "[]", "{\"imports\":[]}", "{\"imports\":{\"lib\":1}}" })
        {
            Assert.Equal("AppScript:/main.js", Site.Found(await site.AnalyzeAsync($"<script type=importmap>{map}</script><script type=module src=main.js></script>" + Root)));
        }
    }
}
