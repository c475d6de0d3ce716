using System.Buffers;

namespace PushProxy.Http2.HeaderBlocks;

/// <summary>The request of a promise: the same octets go to the client in PUSH_PROMISE and to Kestrel in HEADERS.</summary>
internal static class PromiseBlock
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    /// <summary>How much of a request Kestrel reads; a larger one would be an error of the whole connection there.</summary>
    internal readonly record struct Limits(int MaxBytes, int MaxFields, int MaxField);

    /// <summary>Encodes the request, or says why it cannot be promised.</summary>
    public static PushOutcome TryEncode(
        PromisedTarget target, string method, IEnumerable<KeyValuePair<string, string>>? fields, Limits limits, out byte[] block)
    {
        block = [];
        if (target.Path.Length > limits.MaxField || target.Authority.Length > limits.MaxField)
        {
            return PushOutcome.LimitReached;
        }

        var to = s_buffer ??= new ArrayBufferWriter<byte>(512);
        to.ResetWrittenCount();
        if (method == "GET")
        {
            HpackWriter.WriteIndexed(to, StaticTable.MethodGet);
        }
        else
        {
            HpackWriter.WriteLiteral(to, ":method", method);
        }

        HpackWriter.WriteIndexed(to, target.IsHttps ? StaticTable.SchemeHttps : StaticTable.SchemeHttp);
        HpackWriter.WriteLiteral(to, ":authority", target.Authority);
        if (target.Path == "/")
        {
            HpackWriter.WriteIndexed(to, StaticTable.PathRoot);
        }
        else
        {
            HpackWriter.WriteLiteral(to, ":path", target.Path);
        }

        var count = 0;
        foreach (var (name, value) in fields ?? [])
        {
            if (!FieldRules.IsWellFormed(name, value) || !FieldRules.AllowedInPromise(name)
                || ++count > limits.MaxFields || value.Length > limits.MaxField)
            {
                return PushOutcome.InvalidHeader;
            }

            HpackWriter.WriteLiteral(to, name, value);
            if (to.WrittenCount > limits.MaxBytes)
            {
                return PushOutcome.LimitReached;
            }
        }

        if (to.WrittenCount > limits.MaxBytes)
        {
            return PushOutcome.LimitReached;
        }

        block = to.WrittenSpan.ToArray();
        return PushOutcome.Pushed;
    }
}
