using Microsoft.AspNetCore.Routing.Patterns;
using Yarp.ReverseProxy.Configuration;

namespace PushProxy.Server.Configuration;

/// <summary>Requests that a route matches: one for each of its hosts and methods.</summary>
internal static class SampleRequests
{
    // What the constraints of routing take: a number, a word, a truth, a date, an identifier.
    private static readonly string[] s_values =
        ["1", "a", "true", "2000-01-01", "00000000-0000-0000-0000-000000000001", "100000", "aaaaaaaa", "a.b"];

    public static IEnumerable<HttpContext> Of(RouteConfig route, Func<HttpContext> create)
    {
        foreach (var host in route.Match.Hosts is { Count: > 0 } hosts ? hosts : ["localhost"])
        {
            foreach (var method in route.Match.Methods is { Count: > 0 } methods ? methods : ["GET"])
            {
                var context = create();
                if (PathOf(route.Match.Path ?? "/", context) is not { } path)
                {
                    yield break;
                }

                var request = context.Request;
                (request.Method, request.Path, request.Host) = (method, path, HostOf(host));
                foreach (var field in route.Match.Headers ?? [])
                {
                    if (field.Mode is not (HeaderMatchMode.NotContains or HeaderMatchMode.NotExists))
                    {
                        request.Headers[field.Name] = field.Values is { Count: > 0 } values ? values[0] : "x";
                    }
                }

                var query = (route.Match.QueryParameters ?? [])
                    .Where(static q => q.Mode != QueryParameterMatchMode.NotContains)
                    .Select(static q => KeyValuePair.Create(q.Name, q.Values is { Count: > 0 } values ? values[0] : "x"));
                request.QueryString = QueryString.Create(query!);
                yield return context;
            }
        }
    }

    private static HostString HostOf(string host)
    {
        var name = host.Split(':')[0];
        name = name == "*" ? "localhost" : name.StartsWith("*.", StringComparison.Ordinal) ? "sample" + name[1..] : name;
        return host.Split(':') is [_, var port] && port != "*" ? new HostString($"{name}:{port}") : new HostString(name);
    }

    // Null if no value is found that a constraint takes.
    private static string? PathOf(string pattern, HttpContext context)
    {
        var path = "";
        var parsed = RoutePatternFactory.Parse(pattern);
        var constraints = context.RequestServices.GetRequiredService<IInlineConstraintResolver>();
        foreach (var segment in parsed.PathSegments)
        {
            path += "/";
            foreach (var part in segment.Parts)
            {
                var value = part switch
                {
                    RoutePatternLiteralPart literal => literal.Content,
                    RoutePatternSeparatorPart separator => separator.Content,
                    RoutePatternParameterPart parameter => ValueOf(parameter, context, constraints),
                    _ => null,
                };
                if (value is null)
                {
                    return null;
                }

                path += value;
            }
        }

        return path.Length == 0 ? "/" : path;
    }

    private static string? ValueOf(RoutePatternParameterPart parameter, HttpContext context, IInlineConstraintResolver resolver)
    {
        var policies = parameter.ParameterPolicies.Select(p => resolver.ResolveConstraint(p.Content!)).OfType<IRouteConstraint>().ToList();
        return s_values.FirstOrDefault(value => policies.TrueForAll(p => p.Match(
            context, null, parameter.Name, new RouteValueDictionary { [parameter.Name] = value }, RouteDirection.IncomingRequest)));
    }
}
