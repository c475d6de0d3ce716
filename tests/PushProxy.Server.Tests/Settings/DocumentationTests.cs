using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PushProxy.Server.Configuration;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Settings;

/// <summary>docs/configuration.md lists every setting with the default and range the schema has, which is held against the classes.</summary>
public partial class DocumentationTests
{
    private static readonly string Text = File.ReadAllText(Repository.File("docs/configuration.md"));

    private static readonly JsonObject Definitions = JsonNode.Parse(File.ReadAllText(Files.Schema))!["definitions"]!.AsObject();

    /// <summary>A group of settings as it is written in front of their names, and its definition.</summary>
    private static readonly (string Path, string Definition)[] Groups =
    [
        ("PushProxy", "PushProxy"), ("PushProxy:Defaults", "Policy"), ("PushProxy:Learning", "Learning"), ("PushProxy:ClientCache", "ClientCache"),
        ("PushProxy:Cache", "Cache"), ("PushProxy:Shell", "Shell"),
        ("PushProxy:Certificates:N", "Certificate"), ("PushProxy:Management", "Management"), ("PushProxy:Shared", "Shared"),
        ("PushProxy:AccessLog", "AccessLog"), ("PushProxy:Metrics", "Metrics"),
    ];

    public static TheoryData<string, string> Settings { get; } =
        [.. Groups.SelectMany(static g => Properties(g.Definition).Select(p => new TheoryDataRow<string, string>($"{g.Path}:{p.Key}", p.Value!.ToJsonString())))
            .Where(static row => !Groups.Any(g => g.Path == row.Data.Item1) && row.Data.Item1 != "PushProxy:Policies")];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Setting_is_listed_with_default_and_range(string path, string schema)
    {
        var row = Assert.Single(Text.Split('\n'), line => line.StartsWith($"| `{path}`", StringComparison.Ordinal));
        var json = JsonNode.Parse(schema)!;

        if (json["default"] is JsonValue value)
        {
            Assert.Contains(value.ToString(), row, StringComparison.Ordinal);
        }

        if (json["minimum"] is { } minimum)
        {
            Assert.Contains($"| {minimum} to {json["maximum"]} |", row, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Settings_that_are_read_at_start_are_marked()
    {
        var marked = MarkedRow().Matches(Text).Select(static m => m.Groups["path"].Value.Split(':')[1]).Distinct();

        // Policies follow the file; what the program's own options, Learning, ClientCache, Cache and Shell hold does not.
        Assert.Equal(typeof(ServerOptions).GetProperties().Select(static p => p.Name)
            .Concat(["DataDirectory", "Learning", "ClientCache", "Cache", "Shell"]).Order(), marked.Order());
    }

    [Fact]
    public async Task Example_passes() =>
        Assert.Empty(await Validation.ErrorsOfAsync(Assert.Single(JsonBlock().Matches(Text)).Groups["json"].Value));

    private static JsonObject Properties(string definition) => Definitions[definition]!["properties"]!.AsObject();

    [GeneratedRegex("^\\| `(?<path>PushProxy:[^`]*)` ●", RegexOptions.Multiline)]
    private static partial Regex MarkedRow();

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
