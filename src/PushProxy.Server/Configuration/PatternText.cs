using Microsoft.AspNetCore.Routing.Patterns;

namespace PushProxy.Server.Configuration;

/// <summary>What a route's path matches, written so that two paths that match the same are the same text.</summary>
internal static class PatternText
{
    public static string Of(string path)
    {
        try
        {
            var segments = RoutePatternFactory.Parse(path).PathSegments;
            return "/" + string.Join('/', segments.Select(static s => string.Concat(s.Parts.Select(Part))));
        }
        catch (RoutePatternException)
        {
            // YARP's validator says so.
            return path;
        }
    }

    // Routing compares text whatever its case, and no request shows how a parameter is called.
    private static string Part(RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content.ToUpperInvariant(),
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => $"{{{(parameter.IsCatchAll ? "**" : "")}"
            + string.Concat(parameter.ParameterPolicies.Select(static p => $":{p.Content}").Order(StringComparer.Ordinal))
            + $"{(parameter.IsOptional ? "?" : "")}{(parameter.Default is null ? "" : $"={parameter.Default}")}}}",
        _ => "",
    };
}
