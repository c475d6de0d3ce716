using System.ComponentModel;

namespace PushProxy.Server.Configuration;

/// <summary>How lines of the access log look. The values in a configuration are <c>off</c>, <c>combined</c> and <c>json</c>.</summary>
[TypeConverter(typeof(AccessLogFormatConverter))]
internal enum AccessLogFormat
{
    /// <summary>Nothing is written, and no request is looked at for it.</summary>
    Off,

    /// <summary>The Combined Log Format of Apache and nginx, and fields of our own after it.</summary>
    Combined,

    /// <summary>One JSON object a line.</summary>
    Json,
}

/// <summary>Reads and writes formats.</summary>
internal sealed class AccessLogFormatConverter() : WordsConverter<AccessLogFormat>("a format of the access log");
