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

    // Labels that mean something else on the web than their name says. Others have the same name in .NET.
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ascii"] = "windows-1252", ["us-ascii"] = "windows-1252", ["latin1"] = "windows-1252", ["l1"] = "windows-1252",
        ["iso-8859-1"] = "windows-1252", ["iso8859-1"] = "windows-1252", ["iso88591"] = "windows-1252", ["iso_8859-1"] = "windows-1252",
        ["cp1252"] = "windows-1252", ["x-cp1252"] = "windows-1252", ["ansi_x3.4-1968"] = "windows-1252",
        ["cp1250"] = "windows-1250", ["x-cp1250"] = "windows-1250", ["cp1251"] = "windows-1251", ["x-cp1251"] = "windows-1251",
        ["cp1253"] = "windows-1253", ["cp1254"] = "windows-1254", ["cp1255"] = "windows-1255", ["cp1256"] = "windows-1256",
        ["cp1257"] = "windows-1257", ["cp1258"] = "windows-1258",
        ["iso-8859-9"] = "windows-1254", ["iso8859-9"] = "windows-1254", ["latin5"] = "windows-1254", ["l5"] = "windows-1254",
        ["iso-8859-11"] = "windows-874", ["tis-620"] = "windows-874", ["dos-874"] = "windows-874",
        ["latin2"] = "iso-8859-2", ["l2"] = "iso-8859-2", ["iso8859-2"] = "iso-8859-2",
        ["cyrillic"] = "iso-8859-5", ["arabic"] = "iso-8859-6", ["greek"] = "iso-8859-7", ["iso8859-7"] = "iso-8859-7",
        ["hebrew"] = "iso-8859-8", ["iso-8859-8-i"] = "iso-8859-8", ["latin-9"] = "iso-8859-15", ["iso8859-15"] = "iso-8859-15",
        ["koi8"] = "koi8-r", ["koi8_r"] = "koi8-r", ["koi"] = "koi8-r",
        ["gbk"] = "gb18030", ["gb2312"] = "gb18030", ["chinese"] = "gb18030", ["x-gbk"] = "gb18030", ["gb_2312-80"] = "gb18030",
        ["big5-hkscs"] = "big5", ["cn-big5"] = "big5", ["x-x-big5"] = "big5",
        ["shift_jis"] = "shift_jis", ["shift-jis"] = "shift_jis", ["sjis"] = "shift_jis", ["x-sjis"] = "shift_jis",
        ["windows-31j"] = "shift_jis", ["ms_kanji"] = "shift_jis", ["x-euc-jp"] = "euc-jp",
        ["euc-kr"] = "ks_c_5601-1987", ["korean"] = "ks_c_5601-1987", ["windows-949"] = "ks_c_5601-1987", ["ksc5601"] = "ks_c_5601-1987",
    };

    /// <summary>The encoding of a label, null for one nobody knows.</summary>
    public static Encoding? Find(string? label)
    {
        var name = label?.Trim(" \t\r\n\f\"'".ToCharArray()).ToLowerInvariant();
        return name switch
        {
            null or "" => null,
            "utf-8" or "utf8" or "unicode-1-1-utf-8" or "x-unicode20utf8" or "unicode11utf8" or "unicode20utf8" => Utf8,
            "utf-16" or "utf-16le" or "unicode" or "ucs-2" or "iso-10646-ucs-2" or "csunicode" or "unicodefeff" => Utf16LittleEndian,
            "utf-16be" or "unicodefffe" => Utf16BigEndian,
            _ => CodePage(Names.GetValueOrDefault(name, name)),
        };
    }

    // The provider is asked by hand: registering it would change Encoding.GetEncoding for the whole process.
    private static Encoding? CodePage(string name) =>
        CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, new DecoderReplacementFallback("\uFFFD"));
}
