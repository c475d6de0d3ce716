using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using PushProxy.Server.Configuration;

namespace PushProxy.Server.Tests.Settings;

/// <summary>Each name that the schema knows, misspelt once, is found.</summary>
public class TypoTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(File.ReadAllText(Files.Schema))!.AsObject();

    /// <summary>Where each name stands in a configuration.</summary>
    public static TheoryData<string> Names => [.. NamesIn(Schema, "").Where(static n => !n.StartsWith("Logging:LogLevel:", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_misspelt_name_is_found_and_the_right_one_is_named(string path)
    {
        var name = path[(path.LastIndexOf(':') + 1)..];
        foreach (var typo in (string[])[Swapped(name), name[..^1], name + "s"])
        {
            var misspelt = path[..^name.Length] + typo;
            var errors = await ErrorsAsync((misspelt, "1"), (misspelt + ":x", "1"));
            var error = Assert.Single(errors, e => e.Path == misspelt && e.Message.StartsWith("unknown ", StringComparison.Ordinal));
            Assert.Contains($"did you mean {name}?", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void There_are_many_names() => Assert.InRange(Names.Count, 110, 1000);

    [Theory]
    [InlineData("Logging:LogLevel:Default", "Verbose")]
    [InlineData("Logging:LogLevel:PushProxy", "")]
    [InlineData("Logging:Console:LogLevel:Default", "Warn")]
    public async Task A_level_that_is_none_is_found(string path, string value)
    {
        var error = Assert.Single(await ErrorsAsync((path, value)));
        Assert.Equal(path, error.Path);
        Assert.Equal($"'{value}' is not one of Trace, Debug, Information, Warning, Error, Critical, None", error.Message);
    }

    [Theory]
    [InlineData("https://*:30548x")]
    [InlineData("https://:abc")]
    [InlineData("http://localhost:80:80")]
    public async Task An_address_with_a_port_that_is_none_is_found(string listen) =>
        Assert.Contains(await ErrorsAsync(("PushProxy:Listen", listen)), e => e.Path == "PushProxy:Listen:0");

    [Theory]
    [InlineData("Kestrel:Endpoints:public:Url", "http://*:80", "Kestrel:Endpoints")]
    [InlineData("Kestrel:Certificates:Default:Path", "a.pfx", "Kestrel:Certificates")]
    public async Task What_would_open_addresses_unseen_is_refused(string path, string value, string section)
    {
        var error = Assert.Single(await ErrorsAsync((path, value)));
        Assert.Equal(section, error.Path);
        Assert.Contains("PushProxy:Listen", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_has_names_of_others_and_only_what_is_nearly_ours_is_wrong()
    {
        var names = new Dictionary<string, string>
        {
            ["TYPOTEST_Kernel"] = "1",
            ["TYPOTEST_PushProxi__Origin"] = "http://127.0.0.1:1",
            ["TYPOTEST_Other__Section"] = "1",
            ["TYPOTEST_LOGIN__URL"] = "1",
        };
        foreach (var (name, value) in names)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        try
        {
            var configuration = new ConfigurationBuilder().AddEnvironmentVariables("TYPOTEST_").Build();
            var error = Assert.Single(await ConfigurationValidator.ValidateAsync(configuration));
            Assert.Equal("PushProxi: unknown section; did you mean PushProxy?", error.ToString());
        }
        finally
        {
            foreach (var name in names.Keys)
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }
    }

    private static Task<IReadOnlyList<ConfigurationError>> ErrorsAsync(params (string Path, string Value)[] settings) =>
        ConfigurationValidator.ValidateAsync(
            new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static s => KeyValuePair.Create(s.Path, (string?)s.Value))).Build());

    private static string Swapped(string name)
    {
        var at = Enumerable.Range(0, name.Length - 1).Last(i => char.ToLowerInvariant(name[i]) != char.ToLowerInvariant(name[i + 1]));
        return name[..at] + name[at + 1] + name[at] + name[(at + 2)..];
    }

    private static IEnumerable<string> NamesIn(JsonObject schema, string path)
    {
        if (schema["$ref"] is { } reference)
        {
            schema = Schema["definitions"]![reference.GetValue<string>().Split('/')[^1]]!.AsObject();
        }

        foreach (var (name, child) in schema["properties"]?.AsObject() ?? [])
        {
            if (name == "$schema")
            {
                continue;
            }

            yield return path + name;
            foreach (var inner in NamesIn(child!.AsObject(), $"{path}{name}:"))
            {
                yield return inner;
            }
        }

        foreach (var inner in (schema["additionalProperties"] as JsonObject, schema["items"] as JsonObject) switch
        {
            ({ } named, _) => NamesIn(named, path + "any:"),
            (_, { } listed) => NamesIn(listed, path + "0:"),
            _ => [],
        })
        {
            yield return inner;
        }
    }
}
