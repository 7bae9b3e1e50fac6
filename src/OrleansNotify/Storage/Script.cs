namespace OrleansNotify.Storage;

/// <summary>The Lua scripts that are part of this assembly.</summary>
internal static class Script
{
    public static string Read(string resource)
    {
        using var stream = typeof(Script).Assembly.GetManifestResourceStream(resource)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
