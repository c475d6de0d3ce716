using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace PushProxy.Cache.Flights;

/// <summary>A copy of the head of a response, from before something was added for one client.</summary>
internal sealed class TakenHead
{
    /// <param name="response">The response.</param>
    /// <param name="callbacks">How many callbacks were to run before it leaves. What is registered later is for one client.</param>
    public TakenHead(IHttpResponseFeature response, int callbacks)
    {
        (Status, Callbacks) = (response.StatusCode, callbacks);
        foreach (var (name, value) in response.Headers)
        {
            Fields[name] = value;
        }
    }

    public int Status { get; private set; }

    public IHeaderDictionary Fields { get; } = new HeaderDictionary();

    public int Callbacks { get; }

    /// <summary>Changes what has been changed in the response. What was appended there is appended here.</summary>
    public void Change(TakenHead before, IHttpResponseFeature after)
    {
        if (after.StatusCode != before.Status)
        {
            Status = after.StatusCode;
        }

        foreach (var (name, value) in after.Headers)
        {
            var known = before.Fields[name];
            if (known != value)
            {
                Fields[name] = Begins(value, known) ? StringValues.Concat(Fields[name], value.Skip(known.Count).ToArray()) : value;
            }
        }

        foreach (var name in before.Fields.Keys.Where(n => !after.Headers.ContainsKey(n)))
        {
            Fields.Remove(name);
        }
    }

    private static bool Begins(StringValues value, StringValues with) =>
        with.Count > 0 && value.Count > with.Count && value.Take(with.Count).SequenceEqual(with);
}
