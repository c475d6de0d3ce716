using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;

namespace PushProxy.Server.AffinityKeys;

/// <summary>
/// A key of data protection, as .NET writes it into a file. What others have written is read part by part and written anew, so that nothing
/// but a key comes in: .NET would load the types that its XML names.
/// </summary>
/// <param name="Id">Tells it from other keys.</param>
/// <param name="Expires">When it is replaced by another. What was encrypted with it is still read.</param>
/// <param name="Element">The XML.</param>
internal sealed record KeyXml(Guid Id, DateTimeOffset Expires, XElement Element)
{
    private const int MaxLength = 8 * 1024, MinSecret = 32, MaxSecret = 256, Version = 1;

    private static readonly XmlReaderSettings s_settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>As other instances get it.</summary>
    public byte[] Write() => Encoding.UTF8.GetBytes(Element.ToString(SaveOptions.DisableFormatting));

    /// <summary>Reads what another instance has written.</summary>
    /// <param name="text">The text. Nothing says that it is one.</param>
    /// <param name="isNewer">Whether it is of a newer version.</param>
    /// <returns>Null if it is no key, or one of a newer version.</returns>
    public static KeyXml? Read(ReadOnlySpan<byte> text, out bool isNewer)
    {
        isNewer = false;
        if (text.Length > MaxLength)
        {
            return null;
        }

        try
        {
            using var reader = XmlReader.Create(new MemoryStream(text.ToArray()), s_settings);
            var element = XElement.Load(reader);
            isNewer = element.Name == "key" && (int?)element.Attribute("version") > Version;
            return Read(element);
        }
        catch (Exception e) when (e is XmlException or FormatException or OverflowException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Reads a key.</summary>
    /// <returns>Null if it is none, or is encrypted itself, or of a kind that this program does not make.</returns>
    public static KeyXml? Read(XElement element)
    {
        try
        {
            return element.Name == "key" && (int?)element.Attribute("version") == Version
                && (Guid?)element.Attribute("id") is { } id
                && Date(element, "creationDate") is { } created
                && Date(element, "activationDate") is { } activated
                && Date(element, "expirationDate") is { } expires && activated < expires
                && element.Element("descriptor")?.Element("descriptor") is { } descriptor && IsKnown(descriptor)
                ? new(id, expires, Compose(id, created, activated, expires, descriptor)) : null;
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static XElement Compose(
        Guid id, DateTimeOffset created, DateTimeOffset activated, DateTimeOffset expires, XElement descriptor)
    {
        var written = new AuthenticatedEncryptorDescriptorDeserializer().ImportFromXml(descriptor).ExportToXml();
        return new(
            "key",
            new XAttribute("id", id),
            new XAttribute("version", Version),
            new XElement("creationDate", created),
            new XElement("activationDate", activated),
            new XElement("expirationDate", expires),
            new XElement(
                "descriptor",
                new XAttribute("deserializerType", written.DeserializerType.AssemblyQualifiedName!),
                written.SerializedDescriptorElement));
    }

    private static bool IsKnown(XElement descriptor) =>
        Is<EncryptionAlgorithm>(descriptor.Element("encryption"), out var encryption)
        && (encryption is EncryptionAlgorithm.AES_128_GCM or EncryptionAlgorithm.AES_192_GCM or EncryptionAlgorithm.AES_256_GCM
            || Is<ValidationAlgorithm>(descriptor.Element("validation"), out _))
        && descriptor.Elements("masterKey").SingleOrDefault() is { } secret
        && Convert.FromBase64String(secret.Value.Trim()).Length is >= MinSecret and <= MaxSecret;

    // By its name: a number can be one that no name has.
    private static bool Is<T>(XElement? element, out T algorithm)
        where T : struct, Enum
    {
        algorithm = default;
        return (string?)element?.Attribute("algorithm") is { } name
            && Enum.GetNames<T>().Contains(name) && Enum.TryParse(name, out algorithm);
    }

    private static DateTimeOffset? Date(XElement key, string name) =>
        (string?)key.Element(name) is { } text
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
}
