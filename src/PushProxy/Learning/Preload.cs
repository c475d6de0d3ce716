using System.Reflection;
using PushProxy.Analysis;

namespace PushProxy.Learning;

/// <summary>
/// Opens at start what the runtime would open when it is first needed: assemblies and the native library of the decoders. If a process has
/// no file descriptor left in that moment, the runtime remembers the failure for good. Then learning would not come back after a shortage.
/// </summary>
internal static class Preload
{
    /// <summary>Loads what learning refers to. What cannot be loaded now is left to be loaded, or to fail, when it is needed.</summary>
    public static void Run()
    {
        var loaded = new HashSet<string>(StringComparer.Ordinal);
        Load(typeof(Preload).Assembly, loaded);
        Load(typeof(PageAnalyzer).Assembly, loaded);
        ContentDecoder.WarmUp();
    }

    private static void Load(Assembly assembly, HashSet<string> loaded)
    {
        foreach (var name in assembly.GetReferencedAssemblies())
        {
            if (loaded.Add(name.FullName))
            {
                try
                {
                    Load(Assembly.Load(name), loaded);
                }
                catch (Exception e) when (e is IOException or BadImageFormatException)
                {
                    // An optional reference that nobody has installed.
                }
            }
        }
    }
}
