using System.Text.Json;
using System.Text.Json.Serialization;

namespace PushProxy.Server.Health;

/// <summary>How <c>/proof</c> writes what the hold-out shows: verdicts as words.</summary>
internal static class ProofJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };
}
