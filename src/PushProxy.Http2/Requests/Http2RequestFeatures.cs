using Microsoft.AspNetCore.Http.Features;
using PushProxy.Http2.Connections;
using PushProxy.Http2.HeaderBlocks;

namespace PushProxy.Http2.Requests;

/// <summary>The features of a request over HTTP/2.</summary>
internal sealed class Http2RequestFeatures(PushConnection connection, int streamId, string authority, IHttpResponseFeature response)
    : RequestFeatures
{
    public override ServerPush? Promised { get; } = connection.PromisedAs(streamId);

    protected override PushOutcome CanPush => connection.CanPush(streamId);

    // A response that has started may still wait to be written; but to the application it is too late.
    protected override InformationalOutcome CanInform => connection.CanInform(streamId) switch
    {
        InformationalOutcome.Sent when response.HasStarted => InformationalOutcome.TooLate,
        var outcome => outcome,
    };

    public override PushResult TryPush(string target, IEnumerable<KeyValuePair<string, string>>? headers = null, string method = "GET")
    {
        ArgumentNullException.ThrowIfNull(target);
        var outcome = connection.CanPush(streamId);
        if (outcome != PushOutcome.Pushed)
        {
            return new PushResult(outcome, null);
        }

        // RFC 9113 §8.4: "Promised requests MUST be safe and cacheable, and MUST NOT include any content or a trailer section."
        if (method is not ("GET" or "HEAD") || !PromisedTarget.TryParse(target, connection.IsHttps, authority, out var parsed))
        {
            return new PushResult(PushOutcome.InvalidTarget, null);
        }

        outcome = PromiseBlock.TryEncode(parsed, method, headers, connection.PromiseLimits, out var block);
        return outcome == PushOutcome.Pushed ? connection.TryPush(streamId, target, block) : new PushResult(outcome, null);
    }

    public override ValueTask<InformationalOutcome> SendAsync(int statusCode, IEnumerable<KeyValuePair<string, string>> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (!IsSendable(statusCode))
        {
            return ValueTask.FromResult(InformationalOutcome.InvalidStatus);
        }

        var outcome = CanInform;
        if (outcome != InformationalOutcome.Sent)
        {
            return ValueTask.FromResult(outcome);
        }

        outcome = InformationalBlock.TryEncode(statusCode, headers, connection.MaxHeaderBytes, out var block);
        return outcome == InformationalOutcome.Sent ? connection.InformAsync(streamId, block) : ValueTask.FromResult(outcome);
    }
}
