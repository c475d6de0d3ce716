using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using PushProxy.Knowledge.Sharing;

namespace PushProxy.Server.AffinityKeys;

/// <summary>
/// Session affinity encrypts its cookies. If the keys were lost at a restart, clients would lose their server; if another instance did not
/// have them, they would have one server at each.
/// </summary>
internal static class KeyServices
{
    /// <param name="services">The program's services.</param>
    /// <param name="folder">Where keys are kept.</param>
    /// <param name="isShared">Whether there may be other instances.</param>
    public static void AddTo(IServiceCollection services, DirectoryInfo folder, bool isShared)
    {
        if (!isShared)
        {
            services.AddDataProtection().SetApplicationName("pushproxy").PersistKeysToFileSystem(folder);
            return;
        }

        // Before .NET adds its own.
        services.AddSingleton<RefreshedKeyManager>();
        services.AddSingleton<IKeyManager>(static p => p.GetRequiredService<RefreshedKeyManager>());
        services.AddDataProtection().SetApplicationName("pushproxy");
        services.AddSingleton(p => new SharedKeys(
            new FileSystemXmlRepository(folder, p.GetRequiredService<ILoggerFactory>()), p.GetRequiredService<ISharedRecords>(),
            TimeProvider.System, p.GetRequiredService<ILogger<SharedKeys>>()));
        services.AddOptions<KeyManagementOptions>().Configure<SharedKeys>(static (options, keys) => options.XmlRepository = keys);
        services.AddSingleton<ISharedPart>(static p => p.GetRequiredService<SharedKeys>());
        services.AddHostedService(static p => new SharedKeysService(
            p.GetRequiredService<SharedKeys>(), p.GetRequiredService<RefreshedKeyManager>(),
            p.GetRequiredService<IDataProtectionProvider>(), TimeProvider.System));
    }
}
