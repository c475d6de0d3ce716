using System.Buffers;
using System.Globalization;

namespace PushProxy.Http2.HeaderBlocks;

/// <summary>The header block of a 1xx response.</summary>
internal static class InformationalBlock
{
    public static InformationalOutcome TryEncode(
        int statusCode, IEnumerable<KeyValuePair<string, string>> fields, int maxBytes, out byte[] block)
    {
        block = [];
        var to = new ArrayBufferWriter<byte>(256);
        HpackWriter.WriteLiteral(to, ":status", statusCode.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in fields)
        {
            if (!FieldRules.IsWellFormed(name, value) || !FieldRules.AllowedInInformational(name))
            {
                return InformationalOutcome.InvalidHeader;
            }

            HpackWriter.WriteLiteral(to, name, value);
            if (to.WrittenCount > maxBytes)
            {
                return InformationalOutcome.LimitReached;
            }
        }

        block = to.WrittenSpan.ToArray();
        return InformationalOutcome.Sent;
    }
}
