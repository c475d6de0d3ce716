using System.Text.Json.Serialization;

namespace PushProxy.Knowledge.Saved;

/// <summary>
/// Writes what is kept as JSON, and reads it. Values of an enum are words, so that one whose order changes later stays what it was.
/// </summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, MaxDepth = 16)]
[JsonSerializable(typeof(SavedAbout))]
[JsonSerializable(typeof(SavedPath))]
[JsonSerializable(typeof(SavedResource))]
[JsonSerializable(typeof(SavedShell))]
[JsonSerializable(typeof(SavedEvents))]
[JsonSerializable(typeof(SavedRules))]
internal sealed partial class SavedJson : JsonSerializerContext;
