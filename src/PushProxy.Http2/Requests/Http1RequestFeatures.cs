using Microsoft.AspNetCore.Http;
using PushProxy.Http2.Connections;
using PushProxy.Http2.HeaderBlocks;

namespace PushProxy.Http2.Requests;

/// <summary>The features of a request over HTTP/1.1, on an endpoint that allows 1xx responses over HTTP/1.1.</summary>
internal sealed class Http1RequestFeatures(Http1Connection connection, HttpResponse response) : RequestFeatures
{
    protected override PushOutcome CanPush => PushOutcome.NotHttp2;

    protected override InformationalOutcome CanInform => response.HasStarted ? InformationalOutcome.TooLate : InformationalOutcome.Sent;

    public override PushResult TryPush(string target, IEnumerable<KeyValuePair<string, string>>? headers = null, string method = "GET")
        => new(PushOutcome.NotHttp2, null);

    public override ValueTask<InformationalOutcome> SendAsync(int statusCode, IEnumerable<KeyValuePair<string, string>> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (!IsSendable(statusCode))
        {
            return ValueTask.FromResult(InformationalOutcome.InvalidStatus);
        }

        var fields = headers.ToList();
        if (!fields.TrueForAll(field => FieldRules.IsWellFormed(field.Key, field.Value) && FieldRules.AllowedInInformational(field.Key)))
        {
            return ValueTask.FromResult(InformationalOutcome.InvalidHeader);
        }

        return CanInform == InformationalOutcome.Sent ? connection.InformAsync(statusCode, fields) : ValueTask.FromResult(CanInform);
    }
}
