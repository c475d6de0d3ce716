using System.Text.Json;

namespace PushProxy.Server.Tests.Deployment;

/// <summary>One line of a Dockerfile: an instruction, its flags (<c>--from=build</c>) and the rest.</summary>
internal sealed record Instruction(string Name, IReadOnlyDictionary<string, string> Flags, string Rest)
{
    public IReadOnlyList<string> Words => Rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The exec form, <c>["program", "argument"]</c>: what runs without a shell.</summary>
    public IReadOnlyList<string> Exec => JsonSerializer.Deserialize<string[]>(Rest)!;
}

/// <summary>What one FROM begins.</summary>
internal sealed record Stage(string Image, string? Name, IReadOnlyList<Instruction> Instructions)
{
    public Instruction Only(string name) => Instructions.Single(i => i.Name == name);

    public Dictionary<string, string> Environment =>
        Instructions.Where(static i => i.Name == "ENV").SelectMany(static i => i.Words).Select(static w => w.Split('=', 2)).ToDictionary(static p => p[0], static p => p[1]);
}

/// <summary>Reads a Dockerfile as far as ours goes.</summary>
internal static class Dockerfile
{
    public static IReadOnlyList<Stage> Parse(string text)
    {
        var stages = new List<Stage>();
        var instructions = new List<Instruction>();
        foreach (var instruction in Lines(text).Select(ParseLine))
        {
            if (instruction.Name == "FROM")
            {
                instructions = [];
                var name = instruction.Words is [_, "AS", var named] ? named : null;
                stages.Add(new Stage(instruction.Words[0], name, instructions));
            }
            else
            {
                instructions.Add(instruction);
            }
        }

        return stages;
    }

    private static IEnumerable<string> Lines(string text) =>
        string.Join('\n', text.Split('\n').Where(static line => !line.TrimStart().StartsWith('#')))
            .Replace("\\\n", " ", StringComparison.Ordinal)
            .Split('\n')
            .Select(static line => line.Trim())
            .Where(static line => line.Length > 0);

    private static Instruction ParseLine(string line)
    {
        var (name, rest) = Split(line);
        var flags = new Dictionary<string, string>();
        while (rest.StartsWith("--", StringComparison.Ordinal))
        {
            (var flag, rest) = Split(rest);
            var pair = flag[2..].Split('=', 2);
            flags[pair[0]] = pair[1];
        }

        return new Instruction(name, flags, rest);
    }

    private static (string First, string Others) Split(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return (text[..space], text[space..].Trim());
    }
}
