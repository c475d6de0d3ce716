using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace PushProxy.Load;

/// <summary>Options whose value may be several numbers, separated by commas: a measurement is made with each.</summary>
internal static class Listed
{
    /// <param name="name">On the command line.</param>
    /// <param name="description">For <c>--help</c>.</param>
    /// <param name="value">If nothing is said.</param>
    /// <param name="several">False: one only.</param>
    /// <param name="isValid">What each has to be.</param>
    /// <param name="rule">The same, for people: "is …".</param>
    public static Option<T[]> Option<T>(string name, string description, T value, bool several, Predicate<T> isValid, string rule)
        where T : struct, INumber<T> => new(name)
        {
            Description = several ? $"{description} Several are separated by commas." : description,
            Arity = ArgumentArity.ExactlyOne,
            DefaultValueFactory = _ => [value],
            CustomParser = result =>
            {
                var values = result.Tokens.Single().Value.Split(',')
                    .Select(static w => T.TryParse(w, CultureInfo.InvariantCulture, out var number) ? number : (T?)null).ToList();
                if (values.Contains(null) || (values.Count > 1 && !several))
                {
                    result.AddError($"{name} takes {(several ? "numbers, separated by commas" : "a number")}.");
                    return [];
                }

                if (values.OfType<T>().Any(v => !isValid(v)))
                {
                    result.AddError($"{name} {rule}.");
                    return [];
                }

                return [.. values.OfType<T>()];
            },
        };
}
