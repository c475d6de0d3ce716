using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PushProxy.Http2.Tests.Support;

/// <summary>A certificate for localhost, made once a run, and what clients need to trust it.</summary>
internal static class ServerCertificate
{
    private static readonly Lazy<X509Certificate2> s_certificate = new(Make);

    public static X509Certificate2 Value => s_certificate.Value;

    /// <summary>For Chromium's <c>--ignore-certificate-errors-spki-list</c>.</summary>
    public static string SpkiHash => Convert.ToBase64String(SHA256.HashData(Value.PublicKey.ExportSubjectPublicKeyInfo()));

    private static X509Certificate2 Make()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName("push.test");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
