using System.Security.Cryptography.X509Certificates;
using PushProxy.Server.Certificates;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Certificates;

public sealed class CertificateFileTests : IDisposable
{
    private const string Password = "correct horse";

    private readonly TempFolder _folder = new();
    private readonly X509Certificate2 _root = Certs.Authority("root");
    private readonly X509Certificate2 _intermediate;
    private readonly X509Certificate2 _leaf;

    public CertificateFileTests()
    {
        _intermediate = Certs.Authority("intermediate", _root);
        _leaf = Certs.Leaf(["shop.example"], _intermediate);
    }

    private string Chain => $"{_leaf.ExportCertificatePem()}\n{_intermediate.ExportCertificatePem()}\n";

    public void Dispose()
    {
        _root.Dispose();
        _intermediate.Dispose();
        _leaf.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void PEM_with_chain_and_key_in_another_file() => AssertLoads(new()
    {
        Path = _folder.Write("chain.pem", Chain),
        KeyPath = _folder.Write("key.pem", _leaf.KeyPem()),
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PEM_with_key_in_the_same_file(bool keyFirst) => AssertLoads(new()
    {
        Path = _folder.Write("all.pem", keyFirst ? $"{_leaf.KeyPem()}\n{Chain}" : $"{Chain}\n{_leaf.KeyPem()}"),
    });

    [Fact]
    public void PEM_with_an_encrypted_key() => AssertLoads(new()
    {
        Path = _folder.Write("chain.pem", Chain),
        KeyPath = _folder.Write("key.pem", _leaf.EncryptedKeyPem(Password)),
        Password = Password,
    });

    [Theory]
    [InlineData(null)]
    [InlineData(Password)]
    public void PFX_with_its_chain(string? password)
    {
        var all = new X509Certificate2Collection { _intermediate.PublicPart(), _leaf };
        File.WriteAllBytes(_folder["all.pfx"], all.Export(X509ContentType.Pkcs12, password)!);

        AssertLoads(new() { Path = _folder["all.pfx"], Password = password });
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData(null)]
    public void Wrong_or_missing_password_of_a_PFX(string? password)
    {
        File.WriteAllBytes(_folder["all.pfx"], _leaf.Export(X509ContentType.Pkcs12, Password));

        AssertRefused(new() { Path = _folder["all.pfx"], Password = password }, $"can't load '{_folder["all.pfx"]}': ");
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData(null)]
    public void Wrong_or_missing_password_of_a_key(string? password)
    {
        var options = new CertificateOptions
        {
            Path = _folder.Write("chain.pem", Chain),
            KeyPath = _folder.Write("key.pem", _leaf.EncryptedKeyPem(Password)),
            Password = password,
        };

        AssertRefused(options, $"can't load '{options.Path}' with '{options.KeyPath}': ");
    }

    [Fact]
    public void Key_of_another_certificate()
    {
        using var other = Certs.Leaf(["other.example"]);

        AssertRefused(
            new() { Path = _folder.Write("chain.pem", Chain), KeyPath = _folder.Write("key.pem", other.KeyPem()) },
            $"can't load '{_folder["chain.pem"]}' with '{_folder["key.pem"]}': ");
    }

    [Theory]
    [InlineData("no certificate at all")]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n")]
    public void What_is_no_certificate(string text) =>
        AssertRefused(new() { Path = _folder.Write("cert.pem", text) }, $"can't load '{_folder["cert.pem"]}': ");

    [Fact]
    public void PFX_without_a_certificate()
    {
        File.WriteAllBytes(_folder["empty.pfx"], new X509Certificate2Collection().Export(X509ContentType.Pkcs12)!);

        AssertRefused(new() { Path = _folder["empty.pfx"] }, $"can't load '{_folder["empty.pfx"]}': it holds no certificate");
    }

    [Fact]
    public void PFX_without_a_key()
    {
        File.WriteAllBytes(_folder["public.pfx"], _leaf.PublicPart().Export(X509ContentType.Pkcs12));

        AssertRefused(new() { Path = _folder["public.pfx"] }, $"'{_folder["public.pfx"]}' has no private key; name its file in KeyPath (--key)");
    }

    private void AssertLoads(CertificateOptions options)
    {
        Assert.True(CertificateFile.TryLoad(options, out var loaded, out var error), error);
        using (loaded)
        {
            Assert.Equal(_leaf.Thumbprint, loaded.Leaf.Thumbprint);
            Assert.True(loaded.Leaf.HasPrivateKey);
            Assert.Equal([_intermediate.Thumbprint], loaded.Chain.Select(static c => c.Thumbprint));
        }
    }

    private static void AssertRefused(CertificateOptions options, string reason)
    {
        Assert.False(CertificateFile.TryLoad(options, out _, out var error));
        Assert.StartsWith(reason, error, StringComparison.Ordinal);
    }
}
