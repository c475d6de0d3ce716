using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PushProxy.Server.Tests.Docs;

/// <summary>The names of settings in a text, held against the schema, which SchemaTests holds against the classes.</summary>
internal static partial class SettingNames
{
    private static readonly JsonObject Schema = JsonNode.Parse(File.ReadAllText(Settings.Files.Schema))!.AsObject();

    /// <summary>
    /// Those in a text that are not in the schema. What looks like a setting: <c>PushProxy:…</c>, <c>PushProxy__…</c>, and code
    /// like <c>Learning:Expiry</c>.
    /// </summary>
    public static IEnumerable<string> Unknown(string text) =>
        FullName().Matches(text).Select(static m => m.Value)
            .Concat(ShortName().Matches(text).Select(static m => m.Groups["name"].Value)
                .Where(StartsInSection).Select(static n => $"PushProxy:{n}"))
            .Where(static name => !IsKnown(name)).Distinct();

    private static bool StartsInSection(string name) => Find(Schema["properties"]!["PushProxy"]!, name.Split(':')[0]) is not null;

    private static bool IsKnown(string name)
    {
        JsonNode? at = Schema;
        foreach (var part in Separator().Split(name))
        {
            at = at is null ? null : Find(at, part);
        }

        return at is not null;
    }

    // A property, or any name or number where the schema leaves that open. Names ignore case.
    private static JsonNode? Find(JsonNode schema, string name)
    {
        schema = Resolve(schema);
        return schema["properties"]?.AsObject().FirstOrDefault(p => p.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value
            ?? (name == "N" || int.TryParse(name, out _) ? schema["items"] : null)
            ?? schema["additionalProperties"] as JsonObject;
    }

    private static JsonNode Resolve(JsonNode schema) =>
        schema["allOf"] is JsonArray { Count: 1 } all ? Resolve(all[0]!)
        : schema["$ref"] is { } reference ? Resolve(Schema["definitions"]![reference.GetValue<string>().Split('/')[^1]]!)
        : schema;

    [GeneratedRegex(@"(?<![\w:.])PushProxy(?:(?::|__)(?:[A-Za-z]+|\d+)(?![A-Za-z0-9]))+")]
    private static partial Regex FullName();

    [GeneratedRegex(@"`(?<name>[A-Z]\w+(?::[A-Z]\w*|:\d+)+)[`=]")]
    private static partial Regex ShortName();

    [GeneratedRegex(":|__")]
    private static partial Regex Separator();
}
