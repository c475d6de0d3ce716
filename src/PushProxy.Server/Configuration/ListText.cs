namespace PushProxy.Server.Configuration;

/// <summary>Tells lists from groups, which are the same to the configuration: the names in a list are numbers.</summary>
internal static class ListText
{
    /// <summary>Whether something in a section has a name that is no number.</summary>
    public static bool HasNames(IConfigurationSection section) => section.GetChildren().Any(static c => !IsIndex(c.Key));

    /// <summary>Whether a section was written as a list.</summary>
    public static bool IsList(IConfigurationSection section) => section.GetChildren().Any() && !HasNames(section);

    private static bool IsIndex(string key) => key.Length > 0 && key.All(char.IsAsciiDigit);
}
