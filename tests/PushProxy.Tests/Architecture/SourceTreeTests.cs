using Xunit;

namespace PushProxy.Tests.Architecture;

/// <summary>The layer test finds what it is there to find.</summary>
public class SourceTreeTests
{
    private static readonly (string Path, string Text) Channel =
        ("PushProxy/Delivery/Channel.cs", "namespace PushProxy.Delivery;\npublic enum Channel { Push }");

    private static readonly (string Path, string Text) Report =
        ("PushProxy.Http2/Push/Report.cs", "namespace PushProxy.Http2;\npublic sealed record Report;");

    [Theory]
    [InlineData("using PushProxy.Delivery;", "using PushProxy.Delivery;")]
    [InlineData("global using PushProxy.Delivery;", "global using PushProxy.Delivery;")]
    [InlineData("using static PushProxy.Delivery.Channel;", "using static PushProxy.Delivery.Channel;")]
    [InlineData("using C = PushProxy.Delivery.Channel;", "using C = PushProxy.Delivery.Channel;")]
    [InlineData("var c = Delivery.Channel.Push;", "Delivery.Channel.Push")]
    [InlineData("List<PushProxy.Delivery.Channel> c;", "PushProxy.Delivery.Channel")]
    [InlineData("var c = $\"by {Delivery.Channel.Push}\";", "Delivery.Channel.Push")]
    [InlineData("/// <see cref=\"Delivery.Channel.Push\"/>", "Delivery.Channel.Push")]
    public void An_upward_use_is_found(string line, string named)
    {
        var error = Assert.Single(Layers.UpwardFolders(new SourceTree([Channel, Model(line)])));
        Assert.Equal(
            $"PushProxy/Model uses PushProxy/Delivery: src/PushProxy/Model/Key.cs line 3: {named} (Delivery is not below Model)", error);
    }

    [Theory]
    [InlineData("// Delivery.Channel decides.")]
    [InlineData("/* Delivery.Channel\ndecides. */")]
    [InlineData("var text = \"Delivery.Channel\";")]
    [InlineData("var text = @\"Delivery.Channel\"\"Delivery.Channel\";")]
    [InlineData("var text = \"\"\"Delivery.Channel \" \"\"\";")]
    [InlineData("var text = \"\\\"Delivery.Channel\";")]
    [InlineData("var quote = '\"'; // Delivery.Channel \"")]
    [InlineData("var plan = page.Delivery.Channel;")]
    [InlineData("var plan = Delivery.Planned;")]
    [InlineData("using System.Threading.Channels;")]
    public void What_is_no_use_is_not_found(string line) => Assert.Empty(new SourceTree([Channel, Model(line)]).Uses);

    [Fact]
    public void Those_below_may_be_seen()
    {
        var tree = new SourceTree([Model(""), ("PushProxy/Delivery/Plan.cs", "using PushProxy.Model;\nnamespace PushProxy.Delivery;")]);
        Assert.Single(tree.Uses);
        Assert.Empty(Layers.UpwardFolders(tree));
    }

    [Fact]
    public void Those_beside_may_not_be_seen()
    {
        var learning = ("PushProxy/Learning/Queue.cs", "using PushProxy.Delivery;\nnamespace PushProxy.Learning;");
        var error = Assert.Single(Layers.UpwardFolders(new SourceTree([Channel, learning])));
        Assert.Contains("Delivery is not below Learning", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Root_files_may_see_all_and_be_seen_by_all()
    {
        var root = ("PushProxy/Root.cs", "using PushProxy.Delivery;\nnamespace PushProxy;\npublic static class Root { Channel _channel; }");
        Assert.Empty(Layers.UpwardFolders(new SourceTree([Channel, root, Model("Root _root;")])));
    }

    [Fact]
    public void A_public_type_in_the_namespace_of_the_project_belongs_to_its_folder()
    {
        var channel = ("PushProxy/Delivery/Channel.cs", "namespace PushProxy;\npublic enum Channel { Push }");
        Assert.Single(Layers.UpwardFolders(new SourceTree([channel, Model("var c = Channel.Push;")])));
    }

    [Fact]
    public void An_unknown_folder_is_found()
    {
        var tree = new SourceTree([("PushProxy/Helpers/Many.cs", "namespace PushProxy.Helpers;")]);
        Assert.Equal(
            "src/PushProxy/Helpers is a new folder: give it a place in Layers.Folders.",
            Assert.Single(Layers.UpwardFolders(tree)));
    }

    [Fact]
    public void An_unknown_project_is_found()
    {
        var tree = new SourceTree([("PushProxy.More/Many.cs", "namespace PushProxy.More;")]);
        Assert.Equal(
            "src/PushProxy.More is a new project: give it a place in Layers.Projects.",
            Assert.Single(Layers.UpwardProjects(tree)));
    }

    [Theory]
    [InlineData("PushProxy.Http2/Frames/Reader.cs", "using PushProxy.Delivery;\nnamespace PushProxy.Http2.Frames;")]
    [InlineData("PushProxy.Analysis/Page.cs", "using PushProxy.Http2;\nnamespace PushProxy.Analysis;")]
    [InlineData("PushProxy.Analysis/Page.cs", "namespace PushProxy.Analysis;\nclass Page { Http2.Report _report; }")]
    [InlineData("PushProxy.Analysis/Page.cs", "namespace PushProxy.Analysis;\nclass Page { Delivery.Channel _channel; }")]
    public void An_upward_project_is_found(string path, string text) =>
        Assert.Single(Layers.UpwardProjects(new SourceTree([Channel, Report, (path, text)])));

    [Fact]
    public void A_cycle_is_found_with_its_way()
    {
        var tree = new SourceTree([
            ("PushProxy.Http2/A/One.cs", "using PushProxy.Http2.B;\nnamespace PushProxy.Http2.A;"),
            ("PushProxy.Http2/B/Two.cs", "namespace PushProxy.Http2.B;\nclass Two { C.Three _three; }"),
            ("PushProxy.Http2/C/Three.cs", "using PushProxy.Http2.A;\nnamespace PushProxy.Http2.C;\nclass Three;"),
            ("PushProxy.Http2/D/Four.cs", "using PushProxy.Http2.A;\nnamespace PushProxy.Http2.D;"),
        ]);
        Assert.Equal("Cycle: A → B → C → A", Assert.Single(Layers.Cycles(tree.Graph("PushProxy.Http2"))));
    }

    [Fact]
    public void A_namespace_that_is_not_the_folder_is_found()
    {
        var tree = new SourceTree([("PushProxy/Model/Key.cs", "namespace PushProxy.Delivery;")]);
        Assert.Equal("src/PushProxy/Model/Key.cs has the namespace PushProxy.Delivery.", Assert.Single(tree.StrayNamespaces));
    }

    private static (string Path, string Text) Model(string line) => ("PushProxy/Model/Key.cs", $"namespace PushProxy.Model;\n\n{line}");
}
