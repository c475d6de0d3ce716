namespace PushProxy;

/// <summary>Reads and writes shell modes.</summary>
internal sealed class ShellModeConverter() : WordsConverter<ShellMode>("a shell mode");
