using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Settings;

/// <summary>Every file of config/ fits the schema, and the program takes it.</summary>
public partial class ConfigFolderTests
{
    private static readonly JsonDocumentOptions AsThePrograms = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static TheoryData<string> Configurations { get; } = [.. Files.Configurations];

    [Fact]
    public void Default_and_examples_are_there() => Assert.Equal(
        ["appsettings.json", "examples/one-site.json", "examples/policies.json", "examples/several-sites.json"],
        Files.Configurations.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Configurations))]
    public async Task File_names_the_schema_and_fits_it(string name)
    {
        var path = Path.Combine(Files.Folder, name);
        var json = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), documentOptions: AsThePrograms)!;

        Assert.Equal(Files.Schema, Path.GetFullPath(json["$schema"]!.GetValue<string>(), Path.GetDirectoryName(path)!));
        Assert.Empty((await SchemaAsync()).Validate(json.ToJsonString()));
    }

    [Theory]
    [MemberData(nameof(Configurations))]
    public async Task Program_finds_the_file_good_once_the_commands_in_its_comments_were_run(string name)
    {
        using var folder = new TempFolder();
        var path = Path.Combine(Files.Folder, name);
        foreach (Match command in CertCommand().Matches(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)))
        {
            Assert.Equal(0, (await Pushproxy.RunAsync(command.Groups["arguments"].Value.Split(' '), folder.Path)).ExitCode);
        }

        // The shipped file leaves the site to the command line.
        string[] site = name == "appsettings.json" ? ["--origin", "http://127.0.0.1:8000"] : [];
        var result = await Pushproxy.RunAsync(["validate", "--config", path, .. site], folder.Path);

        Assert.Equal("", result.Error);
        Assert.Equal($"{path} is valid.\n", result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    [Theory]
    [InlineData("""{ "PushProxy": { "Orign": "http://x" } }""", "#/PushProxy.Orign")]
    [InlineData("""{ "PushProxy": { "Origin": "127.0.0.1:8000" } }""", "#/PushProxy.Origin")]
    [InlineData("""{ "PushProxy": { "Defaults": { "MaxLinkBytes": 3073 } } }""", "#/PushProxy.Defaults")]
    [InlineData("""{ "PushProxy": { "Policies": { "a": { "Delivery": "pull" } } } }""", "#/PushProxy.Policies.a")]
    [InlineData("""{ "PushProxy": { "Learning": { "Expiry": "1 hour" } } }""", "#/PushProxy.Learning")]
    [InlineData("""{ "PushProxy": { "Certificates": [{ "KeyPath": "key.pem" }] } }""", "#/PushProxy.Certificates")]
    [InlineData("""{ "ReverseProxy": { "Routes": { "a": { "ClusterId": "b" } } } }""", "#/ReverseProxy.Routes.a")]
    public async Task Schema_refuses_what_the_program_refuses(string json, string where)
    {
        Assert.StartsWith(where, Assert.Single((await SchemaAsync()).Validate(json)).Path!, StringComparison.Ordinal);
        Assert.NotEmpty(await Validation.ErrorsOfAsync(json));
    }

    private static Task<JsonSchema> SchemaAsync() => JsonSchema.FromFileAsync(Files.Schema, TestContext.Current.CancellationToken);

    [GeneratedRegex(@"^ *// +pushproxy (?<arguments>cert .*)$", RegexOptions.Multiline)]
    private static partial Regex CertCommand();
}
