using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using PushProxy.Cache;
using PushProxy.Server.Certificates;
using PushProxy.Server.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace PushProxy.Server.Tests.Settings;

/// <summary>The schema and the classes that are bound to say the same: names, types, defaults, ranges, values.</summary>
public class SchemaTests
{
    private static readonly JsonObject Definitions = JsonNode.Parse(File.ReadAllText(Files.Schema))!["definitions"]!.AsObject();

    /// <summary>A definition, the classes whose properties it lists, and objects that hold their defaults.</summary>
    private static readonly Dictionary<string, object[]> Bound = new()
    {
        ["PushProxy"] = [new PushProxyOptions(), new ServerOptions()],
        ["Policy"] = [new DeliveryPolicy()],
        ["Learning"] = [new LearningOptions()],
        ["ClientCache"] = [new ClientCacheOptions()],
        ["Cache"] = [new HttpCacheOptions()],
        ["Shell"] = [new ShellOptions()],
        ["Certificate"] = [new CertificateOptions { Path = "" }],
        ["Management"] = [new ManagementOptions()],
        ["AccessLog"] = [new AccessLogOptions()],
        ["Metrics"] = [new MetricsOptions()],
        ["Shared"] = [new SharedOptions()],
    };

    public static TheoryData<string> BoundDefinitions { get; } = [.. Bound.Keys];

    public static TheoryData<string, string> BoundProperties { get; } =
        [.. Bound.SelectMany(static b => Settings(b.Key).Keys.Select(name => new TheoryDataRow<string, string>(b.Key, name)))];

    [Theory]
    [MemberData(nameof(BoundDefinitions))]
    public void Schema_lists_exactly_the_settings_there_are(string definition)
    {
        Assert.Equal(Settings(definition).Keys.Order(), Properties(definition).Select(static p => p.Key).Order());
        Assert.False(Definitions[definition]!["additionalProperties"]!.GetValue<bool>(), "a misspelt setting must be marked");
    }

    [Theory]
    [MemberData(nameof(BoundProperties))]
    public void Setting_is_described_with_its_type_range_and_default(string definition, string name)
    {
        var schema = Resolved(Properties(definition)[name]!.AsObject());
        var (property, defaults) = Settings(definition)[name];
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

        Assert.NotEmpty(schema["description"]!.GetValue<string>());
        Assert.Contains(JsonType(type), Types(schema));
        if (type.IsEnum)
        {
            Assert.Equal(Enum.GetValues(type).Cast<object>().Select(v => TypeDescriptor.GetConverter(type).ConvertToInvariantString(v)), schema["enum"]!.AsArray().Select(static v => v!.GetValue<string>()));
        }

        CheckRange(property, schema);
        CheckDefault(property, property.GetValue(defaults), schema);
    }

    [Theory]
    [InlineData("Route", typeof(RouteConfig))]
    [InlineData("Cluster", typeof(ClusterConfig))]
    public void What_the_schema_knows_of_YARP_is_there(string definition, Type type) => CheckYarp(Definitions[definition]!.AsObject(), type, definition);

    private static JsonObject Properties(string definition) => Definitions[definition]!["properties"]!.AsObject();

    private static Dictionary<string, (PropertyInfo Property, object Defaults)> Settings(string definition) =>
        Bound[definition]
            .SelectMany(static o => o.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => (Property: p, Defaults: o)))
            .Where(static s => s.Property.CanWrite || s.Property.PropertyType.IsAssignableTo(typeof(IDictionary)))
            .DistinctBy(static s => s.Property.Name)
            .ToDictionary(static s => s.Property.Name);

    // What a reference names, with what stands beside it in front.
    private static JsonObject Resolved(JsonObject schema)
    {
        var result = schema.DeepClone().AsObject();
        var references = new[] { schema["$ref"] }.Concat(schema["allOf"]?.AsArray().Select(static s => s!["$ref"]) ?? []).OfType<JsonNode>();
        foreach (var (key, value) in references.SelectMany(static r => Definitions[r.GetValue<string>().Split('/')[^1]]!.AsObject()))
        {
            result.TryAdd(key, value?.DeepClone());
        }

        return result;
    }

    private static string[] Types(JsonObject schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(static t => t!.GetValue<string>())],
        { } one => [one.GetValue<string>()],
        null => ["string"], // an enum
    };

    private static string JsonType(Type type) =>
        type == typeof(bool) ? "boolean"
        : type == typeof(int) || type == typeof(long) ? "integer"
        : type == typeof(string) || type == typeof(TimeSpan) || type.IsEnum ? "string"
        : type.IsAssignableTo(typeof(IDictionary)) || !type.IsAssignableTo(typeof(IEnumerable)) ? "object"
        : "array";

    private static void CheckRange(PropertyInfo property, JsonObject schema)
    {
        var range = property.GetCustomAttribute<RangeAttribute>();
        if (property.PropertyType == typeof(TimeSpan))
        {
            // JSON Schema has no ranges for texts: the words must do.
            Assert.EndsWith($"from {range!.Minimum} to {range.Maximum}.", schema["description"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(Number(range?.Minimum), schema["minimum"]?.GetValue<long>());
            Assert.Equal(Number(range?.Maximum), schema["maximum"]?.GetValue<long>());
        }
    }

    private static long? Number(object? value) => value is null ? null : Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private static void CheckDefault(PropertyInfo property, object? value, JsonObject schema)
    {
        var written = schema["default"];
        switch (value)
        {
            case null when property.DeclaringType == typeof(ManagementOptions):
                // Not set is more than the default address: the port may move.
                Assert.Equal(ManagementOptions.DefaultListen, written!.GetValue<string>());
                break;
            case null or "":
                Assert.Null(written);
                break;
            case IDictionary or IEnumerable<CertificateOptions>:
                Assert.True(written is JsonObject { Count: 0 } or JsonArray { Count: 0 });
                break;
            case IEnumerable<string> list when value is not string:
                Assert.Equal(list, written!.AsArray().Select(static v => v!.GetValue<string>()));
                break;
            case DeliveryPolicy or LearningOptions or ClientCacheOptions or HttpCacheOptions or ShellOptions or ManagementOptions or SharedOptions
                or AccessLogOptions or MetricsOptions:
                // Their own properties have the defaults.
                Assert.Null(written);
                break;
            default:
                Assert.Equal(Convert.ToString(value, CultureInfo.InvariantCulture), written!.ToString(), ignoreCase: true);
                break;
        }
    }

    private static void CheckYarp(JsonObject schema, Type type, string path)
    {
        // The key of a route or cluster is its name.
        var names = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(static p => p.Name);
        Assert.Equal(
            names.Except(type == typeof(RouteConfig) ? ["RouteId"] : type == typeof(ClusterConfig) ? ["ClusterId"] : []).Order(),
            (schema["properties"]?.AsObject().Select(static p => p.Key) ?? []).Order());
        Assert.False(schema["additionalProperties"]!.GetValue<bool>(), "a misspelt setting must be marked");
        foreach (var (name, child) in schema["properties"]?.AsObject() ?? [])
        {
            var property = type.GetProperty(name);
            Assert.True(property is not null, $"{path}:{name} is no setting of YARP");
            var inner = ElementType(property.PropertyType);
            if (inner.Namespace?.StartsWith("Yarp", StringComparison.Ordinal) == true && !inner.IsEnum)
            {
                var group = child!.AsObject();
                CheckYarp((group["items"] ?? (group["additionalProperties"] as JsonObject is { } named ? named : group)).AsObject(), inner, $"{path}:{name}");
            }
            else if (inner.IsEnum)
            {
                Assert.Equal(Enum.GetNames(inner).Order(), (child!["enum"] ?? child["items"]!["enum"])!.AsArray().Select(static v => v!.GetValue<string>()).Order());
            }
        }
    }

    private static Type ElementType(Type type) =>
        Nullable.GetUnderlyingType(type)
        ?? (type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) ? type.GetGenericArguments()[^1] : type);
}
