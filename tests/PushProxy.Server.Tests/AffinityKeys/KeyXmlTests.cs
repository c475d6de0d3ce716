using System.Text;
using System.Xml.Linq;
using PushProxy.Server.AffinityKeys;

namespace PushProxy.Server.Tests.AffinityKeys;

/// <summary>What comes from Redis is a key, or left alone.</summary>
public class KeyXmlTests
{
    /// <summary>What is wrong with a key, and a change that makes it so.</summary>
    private static readonly Dictionary<string, Action<XElement>> Wrong = new()
    {
        ["another element"] = static k => k.Name = "revocation",
        ["no id"] = static k => k.SetAttributeValue("id", null),
        ["an id that is none"] = static k => k.SetAttributeValue("id", "4"),
        ["no version"] = static k => k.SetAttributeValue("version", null),
        ["a version that is no number"] = static k => k.SetAttributeValue("version", "one"),
        ["no date"] = static k => k.Element("activationDate")!.Remove(),
        ["a date that is none"] = static k => k.Element("creationDate")!.Value = "yesterday",
        ["an end before the beginning"] = static k => k.Element("expirationDate")!.Value = "2001-01-01T00:00:00Z",
        ["an end that never comes"] = static k => k.Element("expirationDate")!.Value = "9999-01-01T00:00:00Z",
        ["no descriptor"] = static k => k.Element("descriptor")!.Remove(),
        ["an empty descriptor"] = static k => k.Element("descriptor")!.RemoveNodes(),
        ["an unknown algorithm"] = static k => k.Descendants("encryption").Single().SetAttributeValue("algorithm", "ROT13"),
        ["an algorithm by number"] = static k => k.Descendants("encryption").Single().SetAttributeValue("algorithm", "77"),
        ["no validation"] = static k => k.Descendants("validation").Single().Remove(),
        ["no secret"] = static k => k.Descendants("masterKey").Single().RemoveNodes(),
        ["a short secret"] = static k => k.Descendants("masterKey").Single().Value = "c2hvcnQ=",
        ["a secret that is no Base64"] = static k => k.Descendants("masterKey").Single().Value = "?",
        ["two secrets"] = static k => k.Descendants("masterKey").Single().AddAfterSelf(new XElement("masterKey")),
        ["an encrypted descriptor"] = static k => k.Element("descriptor")!.ReplaceNodes(new XElement("encryptedSecret")),
    };

    public static TheoryData<string> Changes => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task No_key_is_left_alone(string change)
    {
        await using var there = new KeyInstance();
        there.Make();
        var record = there.Put.Single();
        var key = KeyInstance.Xml(record);
        Wrong[change](key);
        await using var here = new KeyInstance();
        Assert.False(here.Keys.Take(record with { Value = Encoding.UTF8.GetBytes(key.ToString()) }));
        Assert.Empty(here.Keys.GetAllElements());

        // But for the change it would be one.
        Assert.True(here.Keys.Take(record));
        Assert.Single(here.Keys.GetAllElements());
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("<key")]
    [InlineData("<key/>")]
    [InlineData("""<!DOCTYPE key [<!ENTITY e SYSTEM "file:///etc/passwd">]><key version="1" id="&e;"/>""")]
    public async Task Garbage_is_left_alone(string text)
    {
        await using var here = new KeyInstance();
        Assert.False(here.Keys.Take(new("k:1", Encoding.UTF8.GetBytes(text), TimeSpan.FromDays(1))));
        Assert.False(here.Keys.Take(new("k:1", Encoding.UTF8.GetBytes(text + new string(' ', 9000)), TimeSpan.FromDays(1))));
        Assert.Empty(here.Keys.GetAllElements());
    }

    [Fact]
    public async Task A_key_under_the_name_of_another_is_left_alone()
    {
        await using var there = new KeyInstance();
        there.Make();
        await using var here = new KeyInstance();
        Assert.False(here.Keys.Take(there.Put.Single() with { Key = $"k:{Guid.NewGuid():N}" }));
        Assert.Empty(here.Keys.GetAllElements());
    }

    [Fact]
    public async Task What_is_of_a_newer_version_is_left_alone_without_a_warning()
    {
        await using var there = new KeyInstance();
        there.Make();
        var key = KeyInstance.Xml(there.Put.Single());
        key.SetAttributeValue("version", 2);
        await using var here = new KeyInstance();
        Assert.True(here.Keys.Take(there.Put.Single() with { Value = Encoding.UTF8.GetBytes(key.ToString()) }));
        Assert.Empty(here.Keys.GetAllElements());
    }

    [Fact]
    public async Task Nothing_but_a_key_comes_in()
    {
        await using var there = new KeyInstance();
        there.Make();
        var record = there.Put.Single();
        var key = KeyInstance.Xml(record);
        key.Element("descriptor")!.SetAttributeValue("deserializerType", "Some.Type, Some.Assembly");
        key.Descendants("masterKey").Single().AddAfterSelf(
            new XElement("encryptedSecret", new XAttribute("decryptorType", "Some.Type, Some.Assembly")));
        var text = Encoding.UTF8.GetBytes(key.ToString());
        Assert.Equal(
            KeyInstance.Xml(record).ToString(SaveOptions.DisableFormatting).ReplaceLineEndings(""),
            Encoding.UTF8.GetString(KeyXml.Read(text, out _)!.Write()).ReplaceLineEndings(""));
    }
}
