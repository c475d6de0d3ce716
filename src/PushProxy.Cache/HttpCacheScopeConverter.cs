using System.ComponentModel;
using System.Globalization;

namespace PushProxy.Cache;

/// <summary>Reads and writes scopes in their configuration form: <c>assets</c>, <c>all</c>, <c>off</c>. Case makes no difference.</summary>
internal sealed class HttpCacheScopeConverter() : EnumConverter(typeof(HttpCacheScope))
{
    public override object? ConvertTo(ITypeDescriptorContext? context, CultureInfo? culture, object? value, Type destinationType) =>
        destinationType == typeof(string) && value is HttpCacheScope scope
            ? scope.ToString().ToLowerInvariant() : base.ConvertTo(context, culture, value, destinationType);
}
