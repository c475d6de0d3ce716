using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace PushProxy.Server.Tests.AffinityKeys;

/// <summary>A folder that is empty.</summary>
internal sealed class NoFolder : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => [];

    public void StoreElement(XElement element, string friendlyName) => throw new IOException("It stays empty.");
}
