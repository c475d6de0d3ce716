using System.Collections.Frozen;
using System.Text;

namespace PushProxy.Analysis.Encodings;

/// <summary>Encodings by the labels pages use for them (https://encoding.spec.whatwg.org/#names-and-labels).</summary>
internal static class EncodingLabels
{
    /// <summary>UTF-8.</summary>
    public static readonly Encoding Utf8 = Encoding.UTF8;

    /// <summary>UTF-16, little end first.</summary>
    public static readonly Encoding Utf16LittleEndian = Encoding.Unicode;

    /// <summary>UTF-16, big end first.</summary>
    public static readonly Encoding Utf16BigEndian = Encoding.BigEndianUnicode;

    /// <summary>What the web calls Latin 1.</summary>
    public static readonly Encoding Windows1252 = CodePage("windows-1252")!;

    // The standard's table, with .NET's name of the encoding in front. Encodings .NET lacks are not in it, and no others may be:
    // .NET knows some that turn a whole page into something else.
    private static readonly FrozenDictionary<string, Lazy<Encoding>> ByLabel = Table(
        "utf-8: unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8",
        "utf-16: csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le",
        "utf-16BE: unicodefffe utf-16be",
        "windows-1252: ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 "
            + "iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252",
        "windows-1250: cp1250 windows-1250 x-cp1250",
        "windows-1251: cp1251 windows-1251 x-cp1251",
        "windows-1253: cp1253 windows-1253 x-cp1253",
        "windows-1254: cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 "
            + "x-cp1254",
        "windows-1255: cp1255 windows-1255 x-cp1255",
        "windows-1256: cp1256 windows-1256 x-cp1256",
        "windows-1257: cp1257 windows-1257 x-cp1257",
        "windows-1258: cp1258 windows-1258 x-cp1258",
        "windows-874: dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874",
        "iso-8859-2: csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
        "iso-8859-3: csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
        "iso-8859-4: csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
        "iso-8859-5: csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988",
        "iso-8859-6: arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127 "
            + "iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987",
        "iso-8859-7: csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 "
            + "sun_eu_greek",
        "iso-8859-8: csiso88598e csiso88598i csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-8859-8-i iso-ir-138 iso8859-8 iso88598 "
            + "iso_8859-8 iso_8859-8:1988 logical visual",
        "iso-8859-13: iso-8859-13 iso8859-13 iso885913",
        "iso-8859-15: csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9",
        "cp866: 866 cp866 csibm866 ibm866",
        "koi8-r: cskoi8r koi koi8 koi8-r koi8_r",
        "koi8-u: koi8-ru koi8-u",
        "macintosh: csmacintosh mac macintosh x-mac-roman",
        "x-mac-cyrillic: x-mac-cyrillic x-mac-ukrainian",
        "gb2312: chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk",
        "gb18030: gb18030",
        "big5: big5 big5-hkscs cn-big5 csbig5 x-x-big5",
        "euc-jp: cseucpkdfmtjapanese euc-jp x-euc-jp",
        "iso-2022-jp: csiso2022jp iso-2022-jp",
        "shift_jis: csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis",
        "ks_c_5601-1987: cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949");

    /// <summary>The encoding of a label, null for one that browsers don't know.</summary>
    public static Encoding? Find(string? label) =>
        label is not null && ByLabel.TryGetValue(label.Trim(' ', '\t', '\n', '\f', '\r', '"', '\''), out var encoding)
            ? encoding.Value
            : null;

    private static FrozenDictionary<string, Lazy<Encoding>> Table(params ReadOnlySpan<string> rows)
    {
        var table = new Dictionary<string, Lazy<Encoding>>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in rows)
        {
            var name = row[..row.IndexOf(": ", StringComparison.Ordinal)];
            var encoding =
                new Lazy<Encoding>(() => name.StartsWith("utf", StringComparison.Ordinal) ? Encoding.GetEncoding(name) : CodePage(name)!);
            foreach (var label in row[(name.Length + 2)..].Split(' '))
            {
                table.Add(label, encoding);
            }
        }

        return table.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    // The provider is asked by hand: registering it would change Encoding.GetEncoding for the whole process.
    private static Encoding? CodePage(string name) =>
        CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, new DecoderReplacementFallback("\uFFFD"));
}
