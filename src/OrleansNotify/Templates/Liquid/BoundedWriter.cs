using System.Globalization;

namespace OrleansNotify.Templates.Liquid;

/// <summary>Collects a part's output, and refuses to grow beyond a limit.</summary>
internal sealed class BoundedWriter(int limit) : StringWriter(CultureInfo.InvariantCulture)
{
    /// <exception cref="BoundExceededException">The output is over the limit.</exception>
    public override void Write(string? value)
    {
        base.Write(value);
        BoundExceededException.ThrowIfOver(limit, GetStringBuilder().Length);
    }
}

/// <summary>A template made more than it may.</summary>
internal sealed class BoundExceededException(int limit) : Exception($"The text grows beyond {limit} characters.")
{
    public static void ThrowIfOver(int limit, long length)
    {
        if (length > limit) throw new BoundExceededException(limit);
    }
}
