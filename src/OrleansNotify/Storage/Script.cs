namespace OrleansNotify.Storage;

/// <summary>The Lua scripts that are part of this assembly.</summary>
internal static class Script
{
    private static readonly string Clock = ReadPlain("OrleansNotify.Storage.clock.lua");

    /// <summary>A script, with the clock before it.</summary>
    public static string Read(string resource) => Clock + ReadPlain(resource);

    /// <summary>A script that asks for no time.</summary>
    public static string ReadPlain(string resource)
    {
        using var stream = typeof(Script).Assembly.GetManifestResourceStream(resource)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
